"""Requests that were made with API tokens."""

import django.db.models.deletion
from django.db import migrations, models

from core.migrating import CreateModels
from core.tenancy import sql

KEYS = {"core_apirequest": {"token_id": "core_apitoken"}}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0023_maintenance"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ApiRequest",
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
                        ("at", models.DateTimeField(verbose_name="time")),
                        ("method", models.CharField(max_length=10, verbose_name="method")),
                        ("path", models.CharField(max_length=300, verbose_name="path")),
                        ("status", models.PositiveSmallIntegerField(verbose_name="answer")),
                        ("duration_ms", models.PositiveIntegerField(verbose_name="took (ms)")),
                        (
                            "request_id",
                            models.CharField(blank=True, max_length=64, verbose_name="request id"),
                        ),
                        (
                            "source_ip",
                            models.GenericIPAddressField(
                                blank=True, null=True, verbose_name="from address"
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
                        (
                            "token",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="requests",
                                to="core.apitoken",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "API request",
                        "verbose_name_plural": "API requests",
                        "ordering": ["-at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-at", "-id"], name="api_request_time_idx"
                            ),
                            models.Index(fields=["token", "-at"], name="api_request_token_idx"),
                            models.Index(fields=["at"], name="api_request_age_idx"),
                        ],
                    },
                )
            ]
        ),
        *sql.same_operators(KEYS),
    ]
