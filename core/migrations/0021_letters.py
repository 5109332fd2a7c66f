"""Letters on paper."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.migrating import CreateModels
from core.tenancy import sql

KEYS = {
    "core_letterevent": {
        "letter_id": "core_letter",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0015_notifications"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Letter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("kind", models.CharField(max_length=24, verbose_name="kind")),
                        ("ref", models.CharField(max_length=24, verbose_name="about")),
                        ("address", models.CharField(max_length=254, verbose_name="address")),
                        ("message_id", models.CharField(max_length=200, verbose_name="message id")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("sent", "Sent"),
                                    ("delivered", "Arrived"),
                                    ("bounced", "Came back"),
                                ],
                                default="sent",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "error",
                            models.CharField(blank=True, max_length=500, verbose_name="error"),
                        ),
                        (
                            "sent_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="sent"
                            ),
                        ),
                        (
                            "told_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="arrived or came back"
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
                        "verbose_name": "letter",
                        "verbose_name_plural": "letters",
                        "ordering": ["-sent_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(fields=["message_id"], name="letter_message_idx"),
                            models.Index(
                                fields=["operator", "kind", "ref"], name="letter_about_idx"
                            ),
                            models.Index(
                                condition=models.Q(("state", "bounced")),
                                fields=["operator", "kind", "told_at"],
                                name="letter_bounced_idx",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "sent"), ("told_at__isnull", True)),
                                    models.Q(
                                        models.Q(("state", "sent"), _negated=True),
                                        ("told_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="letter_told",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "bounced"), _negated=True),
                                    models.Q(("error", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="letter_error",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LetterEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                max_length=200, unique=True, verbose_name="id at the provider"
                            ),
                        ),
                        ("kind", models.CharField(max_length=30, verbose_name="kind")),
                        ("happened_at", models.DateTimeField(verbose_name="happened")),
                        ("raw", models.JSONField(verbose_name="as it came")),
                        (
                            "received_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="received",
                            ),
                        ),
                        (
                            "letter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="core.letter",
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
                        "verbose_name": "event of a letter",
                        "verbose_name_plural": "events of letters",
                        "ordering": ["-happened_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        sql.only_changes("core_letter", ("state", "error", "told_at")),
        sql.append_only("core_letterevent"),
    ]
