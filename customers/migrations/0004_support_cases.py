"""The first line's cases, cohorts of cards that are taken over."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from core.migrating import CreateModels
from core.tenancy import sql

KEYS = {
    "customers_supportcase": {
        "driver_id": "customers_driver",
        "token_id": "customers_idtoken",
        "station_id": "stations_station",
        "evse_id": "stations_evse",
        "session_id": "stations_session",
    },
    "customers_caseentry": {
        "case_id": "customers_supportcase",
        "command_id": "stations_command",
        "attempt_id": "stations_authorisationattempt",
    },
    "customers_cohortimport": {
        "cohort_id": "customers_cohort",
        "run_id": "core_importrun",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_lists"),
        ("customers", "0001_initial"),
        ("stations", "0002_journals"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="SupportCase",
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
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("closed", "Closed")],
                                default="open",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "asked",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="searched for"
                            ),
                        ),
                        (
                            "caller_name",
                            models.CharField(blank=True, max_length=120, verbose_name="caller"),
                        ),
                        (
                            "caller_phone",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="caller's phone"
                            ),
                        ),
                        (
                            "opened_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="opened"
                            ),
                        ),
                        (
                            "opened_by_label",
                            models.CharField(max_length=200, verbose_name="opened by"),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="closed"),
                        ),
                        (
                            "closed_by_label",
                            models.CharField(blank=True, max_length=200, verbose_name="closed by"),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("charging", "Charging"),
                                    ("solved", "Solved otherwise"),
                                    ("rightly_refused", "Rightly refused"),
                                    ("fault", "Fault reported"),
                                    ("forwarded", "Handed on"),
                                    ("no_answer", "Caller gone"),
                                ],
                                max_length=20,
                                verbose_name="outcome",
                            ),
                        ),
                        (
                            "driver",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="customers.driver",
                            ),
                        ),
                        (
                            "evse",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.evse",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "session",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.session",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.station",
                            ),
                        ),
                        (
                            "token",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="customers.idtoken",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "support case",
                        "verbose_name_plural": "support cases",
                        "ordering": ["-opened_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-opened_at"], name="support_case_recent_idx"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_at__isnull", True),
                                        ("outcome", ""),
                                        ("state", "open"),
                                    ),
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        ("state", "closed"),
                                        models.Q(("outcome", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="support_case_closed_with_outcome",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseEntry",
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
                            "at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="time"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("opened", "Opened"),
                                    ("linked", "Looked up"),
                                    ("note", "Note"),
                                    ("command", "Command"),
                                    ("attempt", "Authorisation"),
                                    ("fault", "Reported fault"),
                                    ("closed", "Closed"),
                                    ("reopened", "Opened again"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("author_label", models.CharField(max_length=200, verbose_name="by")),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        ("data", models.JSONField(blank=True, default=dict)),
                        (
                            "attempt",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="stations.authorisationattempt",
                            ),
                        ),
                        (
                            "command",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="stations.command",
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="entries",
                                to="customers.supportcase",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "case entry",
                        "verbose_name_plural": "case entries",
                        "ordering": ["at", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "kind", "-at"], name="case_entry_kind_idx"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Cohort",
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
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "previous",
                            models.CharField(
                                blank=True,
                                help_text="The operator or system that it ran under before.",
                                max_length=120,
                                verbose_name="taken over from",
                            ),
                        ),
                        (
                            "moves_on",
                            models.DateField(
                                blank=True,
                                help_text="The day the stations are to switch over.",
                                null=True,
                                verbose_name="moves",
                            ),
                        ),
                        ("created_by", models.CharField(max_length=200, verbose_name="created by")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="closed"),
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
                        "verbose_name": "takeover",
                        "verbose_name_plural": "takeovers",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "name"), name="cohort_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CohortImport",
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
                            "added_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="added"
                            ),
                        ),
                        (
                            "cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="imports",
                                to="customers.cohort",
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
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.importrun",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "import of a takeover",
                        "verbose_name_plural": "imports of takeovers",
                        "ordering": ["cohort_id", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(fields=("run",), name="cohort_import_run_once")
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
    ]
