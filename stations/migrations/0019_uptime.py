"""Outages, their stated causes, days of uptime."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.migrating import CreateModels
from core.tenancy import sql

KEYS = {
    "stations_causestatement": {
        "site_id": "stations_site",
        "station_id": "stations_station",
        "evse_id": "stations_evse",
    },
    "stations_outage": {
        "site_id": "stations_site",
        "station_id": "stations_station",
        "evse_id": "stations_evse",
    },
    "stations_uptimeday": {
        "site_id": "stations_site",
        "station_id": "stations_station",
        "evse_id": "stations_evse",
    },
    "stations_uptimesetting": {
        "site_id": "stations_site",
    },
    "stations_uptimestate": {
        "station_id": "stations_station",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("stations", "0007_configuration"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="CauseStatement",
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
                            "cause",
                            models.CharField(
                                choices=[
                                    ("utility", "Interruption of the grid"),
                                    ("vehicle", "Failure of the vehicle"),
                                    ("maintenance", "Scheduled maintenance"),
                                    ("vandalism", "Vandalism"),
                                    ("disaster", "Natural disaster, force majeure"),
                                    ("closed", "Site closed"),
                                    ("hardware", "Fault of the station"),
                                    ("network", "Lost connection"),
                                    ("no_delivery", "Available but does not deliver"),
                                    ("taken_out", "Taken out of service"),
                                    ("payment", "Payment does not work"),
                                    ("own_systems", "Our own systems"),
                                    ("other", "Other"),
                                ],
                                max_length=16,
                                verbose_name="cause",
                            ),
                        ),
                        ("began_at", models.DateTimeField(verbose_name="from")),
                        ("ended_at", models.DateTimeField(verbose_name="until")),
                        ("reason", models.CharField(max_length=500, verbose_name="reason")),
                        (
                            "evidence",
                            models.CharField(
                                blank=True,
                                help_text="What proves it: a case number, a report, an address.",
                                max_length=300,
                                verbose_name="document",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("proposed", "Proposed"),
                                    ("approved", "Approved"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="proposed",
                                max_length=12,
                                verbose_name="state",
                            ),
                        ),
                        ("stated_by", models.CharField(max_length=200, verbose_name="stated by")),
                        (
                            "approved_by",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="approved by"
                            ),
                        ),
                        (
                            "approved_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="approved"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
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
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cause_statements",
                                to="stations.site",
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
                    ],
                    options={
                        "verbose_name": "stated cause",
                        "verbose_name_plural": "stated causes",
                        "ordering": ["-began_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["site", "began_at"], name="cause_statement_site_idx"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ended_at__gt", models.F("began_at"))),
                                name="cause_statement_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("evse", None), ("station__isnull", False), _connector="OR"
                                ),
                                name="cause_statement_evse_of_station",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "approved"), _negated=True),
                                    models.Q(
                                        ("approved_at__isnull", False),
                                        models.Q(("approved_by", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="cause_statement_approved_by",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="cause_statement_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Outage",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("faulted", "Reported a fault"),
                                    ("unavailable", "Reported unavailable"),
                                    ("silent", "Available but does not deliver"),
                                    ("offline", "No contact"),
                                    ("own", "Our own outage"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("utility", "Interruption of the grid"),
                                    ("vehicle", "Failure of the vehicle"),
                                    ("maintenance", "Scheduled maintenance"),
                                    ("vandalism", "Vandalism"),
                                    ("disaster", "Natural disaster, force majeure"),
                                    ("closed", "Site closed"),
                                    ("hardware", "Fault of the station"),
                                    ("network", "Lost connection"),
                                    ("no_delivery", "Available but does not deliver"),
                                    ("taken_out", "Taken out of service"),
                                    ("payment", "Payment does not work"),
                                    ("own_systems", "Our own systems"),
                                    ("other", "Other"),
                                ],
                                max_length=16,
                                verbose_name="cause",
                            ),
                        ),
                        ("began_at", models.DateTimeField(verbose_name="began")),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                        (
                            "error_code",
                            models.CharField(blank=True, max_length=50, verbose_name="error code"),
                        ),
                        ("ref", models.CharField(blank=True, max_length=60)),
                        (
                            "is_counted",
                            models.BooleanField(default=True, verbose_name="counts as down"),
                        ),
                        (
                            "evse",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="outages",
                                to="stations.evse",
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
                            "site",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="stations.site",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="outages",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "outage",
                        "verbose_name_plural": "outages",
                        "ordering": ["-began_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-began_at"], name="outage_recent_idx"
                            ),
                            models.Index(fields=["station", "began_at"], name="outage_station_idx"),
                            models.Index(fields=["site", "began_at"], name="outage_site_idx"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evse", "kind", "began_at"), name="outage_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_at", None),
                                    ("ended_at__gt", models.F("began_at")),
                                    _connector="OR",
                                ),
                                name="outage_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UptimeDay",
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
                        ("day_on", models.DateField(verbose_name="day")),
                        ("service_ms", models.BigIntegerField(verbose_name="in service")),
                        ("unknown_ms", models.BigIntegerField(verbose_name="unknown")),
                        ("down_ms", models.BigIntegerField(verbose_name="down")),
                        ("excluded_ms", models.BigIntegerField(verbose_name="excluded")),
                        ("closed_ms", models.BigIntegerField(verbose_name="closed")),
                        ("open_unreliable_ms", models.BigIntegerField()),
                        ("open_unmeasured_ms", models.BigIntegerField()),
                        ("starts", models.PositiveIntegerField(verbose_name="outages")),
                        ("by_kind", models.JSONField(default=dict)),
                        ("by_cause", models.JSONField(default=dict)),
                        (
                            "evse",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="uptime_days",
                                to="stations.evse",
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
                            "site",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="stations.site",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "day of uptime",
                        "verbose_name_plural": "days of uptime",
                        "ordering": ["evse_id", "day_on"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "day_on"], name="uptime_day_recent_idx"
                            ),
                            models.Index(
                                fields=["station", "day_on"], name="uptime_day_station_idx"
                            ),
                            models.Index(fields=["site", "day_on"], name="uptime_day_site_idx"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evse", "day_on"), name="uptime_day_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("down_ms__gte", models.F("excluded_ms")),
                                    ("excluded_ms__gte", 0),
                                    ("service_ms__gte", models.F("down_ms")),
                                ),
                                name="uptime_day_parts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UptimeSetting",
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
                            "offline_after_s",
                            models.PositiveIntegerField(
                                default=600,
                                validators=[
                                    django.core.validators.MinValueValidator(60),
                                    django.core.validators.MaxValueValidator(86400),
                                ],
                                verbose_name="silence that is an outage (s)",
                            ),
                        ),
                        (
                            "offline_from",
                            models.CharField(
                                choices=[
                                    ("last_seen", "The last sign of life"),
                                    ("threshold", "The end of the threshold"),
                                ],
                                default="last_seen",
                                max_length=12,
                                verbose_name="silence counts from",
                            ),
                        ),
                        (
                            "connectors",
                            models.CharField(
                                choices=[
                                    ("all", "When all its connectors are down"),
                                    ("mandatory", "Also when a CCS connector is down"),
                                ],
                                default="all",
                                max_length=12,
                                verbose_name="several connectors",
                            ),
                        ),
                        (
                            "own_outages",
                            models.CharField(
                                choices=[("unknown", "Neither up nor down"), ("down", "Down")],
                                default="unknown",
                                max_length=12,
                                verbose_name="outages of our own",
                            ),
                        ),
                        (
                            "silent_attempts",
                            models.PositiveSmallIntegerField(
                                default=3,
                                help_text="In a row and by at least two drivers; 0: never.",
                                validators=[django.core.validators.MaxValueValidator(20)],
                                verbose_name="attempts without energy that mean an outage",
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
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="stations.site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "convention of uptime",
                        "verbose_name_plural": "conventions of uptime",
                        "ordering": ["operator_id", "site_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("site", None)),
                                fields=("operator",),
                                name="uptime_setting_operator_once",
                            ),
                            models.UniqueConstraint(
                                fields=("site",), name="uptime_setting_site_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("offline_after_s__gte", 60), ("offline_after_s__lte", 86400)
                                ),
                                name="uptime_setting_offline_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UptimeState",
                    fields=[
                        (
                            "station",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="uptime_state",
                                serialize=False,
                                to="stations.station",
                            ),
                        ),
                        ("read_until_at", models.DateTimeField(null=True)),
                        ("dirty_from_at", models.DateTimeField(null=True)),
                        ("next_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("stamp", models.CharField(blank=True, max_length=64)),
                        ("rebuilt_at", models.DateTimeField(null=True, verbose_name="made")),
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
                        "verbose_name": "state of uptime",
                        "verbose_name_plural": "states of uptime",
                        "ordering": ["station_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [models.Index(fields=["next_at"], name="uptime_state_due_idx")],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        *(
            sql.same_operator_in_bulk(table, list(KEYS[table].items()))
            for table in (
                "stations_outage",
                "stations_uptimeday",
            )
        ),
    ]
