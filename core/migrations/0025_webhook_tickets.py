"""Templates of webhooks for ticket systems, and the tickets that they answer with."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0024_api_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="webhookendpoint",
            name="header_names",
            field=models.JSONField(blank=True, default=list, verbose_name="headers"),
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="id_pointer",
            field=models.CharField(
                blank=True, max_length=200, verbose_name="ticket's id in the answer"
            ),
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="sealed_headers",
            field=models.BinaryField(blank=True, default=bytes),
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="template",
            field=models.TextField(
                blank=True, max_length=20000, verbose_name="template of the body"
            ),
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="url_pointer",
            field=models.CharField(
                blank=True, max_length=200, verbose_name="ticket's address in the answer"
            ),
        ),
        migrations.CreateModel(
            name="WebhookTicket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about", models.CharField(max_length=40, verbose_name="about")),
                ("ref", models.CharField(max_length=40, verbose_name="public id")),
                ("ticket", models.CharField(blank=True, max_length=200, verbose_name="ticket")),
                ("url", models.CharField(blank=True, max_length=500, verbose_name="address")),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tickets",
                        to="core.webhookendpoint",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "ticket",
                "verbose_name_plural": "tickets",
                "ordering": ["-made_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["operator", "about", "ref"], name="webhook_ticket_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("endpoint", "about", "ref"), name="webhook_ticket_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ticket", ""), ("url", ""), _negated=True),
                        name="webhook_ticket_named",
                    ),
                ],
            },
        ),
        *sql.same_operators({"core_webhookticket": {"endpoint_id": "core_webhookendpoint"}}),
    ]
