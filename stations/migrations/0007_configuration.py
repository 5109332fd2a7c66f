"""What stations should be set to, set-up of new ones, drafts of stations."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from core.migrating import CreateModels
from core.tenancy import sql

KEYS = {
    "stations_templatevalue": {
        "template_id": "stations_configurationtemplate",
    },
    "stations_templatetarget": {
        "template_id": "stations_configurationtemplate",
        "site_id": "stations_site",
        "station_id": "stations_station",
    },
    "stations_valueoverride": {
        "station_id": "stations_station",
    },
    "stations_desiredvalue": {
        "station_id": "stations_station",
        "template_id": "stations_configurationtemplate",
        "command_id": "stations_command",
    },
    "stations_configurationstate": {
        "station_id": "stations_station",
    },
    "stations_setupplan": {
        "station_id": "stations_station",
    },
    "stations_stationdraft": {
        "site_id": "stations_site",
        "station_id": "stations_station",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("stations", "0004_search"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ConfigurationState",
                    fields=[
                        (
                            "station",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="configuration_state",
                                serialize=False,
                                to="stations.station",
                            ),
                        ),
                        ("is_due", models.BooleanField(default=True)),
                        ("matched_site", models.BigIntegerField(default=0)),
                        ("matched_version", models.CharField(blank=True, max_length=10)),
                        ("matched_vendor", models.CharField(blank=True, max_length=64)),
                        ("matched_model", models.CharField(blank=True, max_length=64)),
                        ("matched_firmware", models.CharField(blank=True, max_length=64)),
                        ("matched_hands_off", models.BooleanField(default=False)),
                        ("seen_change", models.BigIntegerField(default=0)),
                        ("computed_at", models.DateTimeField(blank=True, null=True)),
                        ("read_asked_at", models.DateTimeField(blank=True, null=True)),
                        ("applied_boot_at", models.DateTimeField(blank=True, null=True)),
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
                        "verbose_name": "state of a configuration",
                        "verbose_name_plural": "states of configurations",
                        "ordering": ["station_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="ConfigurationTemplate",
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
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        (
                            "ocpp_version",
                            models.CharField(
                                choices=[("1.6", "1.6"), ("2.0.1", "2.0.1")],
                                max_length=10,
                                verbose_name="OCPP version",
                            ),
                        ),
                        (
                            "vendor",
                            models.CharField(blank=True, max_length=64, verbose_name="vendor"),
                        ),
                        (
                            "model",
                            models.CharField(blank=True, max_length=64, verbose_name="model"),
                        ),
                        (
                            "firmware",
                            models.CharField(blank=True, max_length=64, verbose_name="firmware"),
                        ),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(default=50, verbose_name="priority"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "reapplies",
                            models.BooleanField(
                                default=False,
                                help_text="Never to stations marked hands-off.",
                                verbose_name="apply by itself after a restart",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
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
                        "verbose_name": "configuration template",
                        "verbose_name_plural": "configuration templates",
                        "ordering": ["-priority", "name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("operator"),
                                django.db.models.functions.text.Upper("name"),
                                name="template_name_ci_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("priority__lte", 1000)),
                                name="template_priority_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DesiredValue",
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
                        ("key", models.CharField(max_length=320, verbose_name="key")),
                        (
                            "value",
                            models.CharField(blank=True, max_length=2500, verbose_name="desired"),
                        ),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("built_in", "Built-in default"),
                                    ("template", "Template"),
                                    ("override", "This station's own"),
                                ],
                                max_length=10,
                                verbose_name="origin",
                            ),
                        ),
                        (
                            "layers",
                            models.JSONField(
                                default=list,
                                help_text="All that name the key, the winner first: origin, name, value",
                            ),
                        ),
                        ("actual", models.TextField(blank=True, null=True, verbose_name="actual")),
                        (
                            "told_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last told"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("in_step", "As desired"),
                                    ("drift", "Differs"),
                                    ("unknown", "Never told"),
                                    ("refused", "Refused by the station"),
                                    ("read_only", "Read-only"),
                                    ("reboot", "Waits for a restart"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "since_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="since"
                            ),
                        ),
                        (
                            "is_pending",
                            models.BooleanField(default=False, verbose_name="being set"),
                        ),
                        (
                            "attempted_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="last attempt"
                            ),
                        ),
                        ("attempted_value", models.CharField(blank=True, max_length=2500)),
                        (
                            "answer",
                            models.CharField(blank=True, max_length=40, verbose_name="last answer"),
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
                            "station",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="desired_values",
                                to="stations.station",
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="desired_values",
                                to="stations.configurationtemplate",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "desired value",
                        "verbose_name_plural": "desired values",
                        "ordering": ["station_id", "key", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "in_step"), _negated=True),
                                fields=["operator", "-since_at"],
                                name="desired_drift_idx",
                            ),
                            models.Index(
                                condition=models.Q(("is_pending", True)),
                                fields=["station"],
                                name="desired_pending_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("station"),
                                django.db.models.functions.text.Upper("key"),
                                name="desired_key_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SetUpPlan",
                    fields=[
                        (
                            "station",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="set_up_plan",
                                serialize=False,
                                to="stations.station",
                            ),
                        ),
                        ("left_out", models.JSONField(blank=True, default=list)),
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
                        "verbose_name": "set-up plan",
                        "verbose_name_plural": "set-up plans",
                        "ordering": ["station_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="TemplateTarget",
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
                        (
                            "station",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="stations.station",
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="targets",
                                to="stations.configurationtemplate",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "target of a template",
                        "verbose_name_plural": "targets of templates",
                        "ordering": ["template_id", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("site__isnull", True),
                                    ("station__isnull", True),
                                    _connector="XOR",
                                ),
                                name="template_target_one_kind",
                            ),
                            models.UniqueConstraint(
                                fields=("template", "site"), name="template_site_once"
                            ),
                            models.UniqueConstraint(
                                fields=("template", "station"), name="template_station_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TemplateValue",
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
                        ("key", models.CharField(max_length=320, verbose_name="key")),
                        (
                            "value",
                            models.CharField(blank=True, max_length=2500, verbose_name="value"),
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
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values",
                                to="stations.configurationtemplate",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "value of a template",
                        "verbose_name_plural": "values of templates",
                        "ordering": ["template_id", "key", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("template"),
                                django.db.models.functions.text.Upper("key"),
                                name="template_value_key_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ValueOverride",
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
                        ("key", models.CharField(max_length=320, verbose_name="key")),
                        (
                            "value",
                            models.CharField(blank=True, max_length=2500, verbose_name="value"),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="created"
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
                            "station",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="overrides",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "value of a station's own",
                        "verbose_name_plural": "values of stations' own",
                        "ordering": ["station_id", "key", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("station"),
                                django.db.models.functions.text.Upper("key"),
                                name="override_key_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StationDraft",
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
                        ("public_id", models.CharField(max_length=24, unique=True)),
                        ("values", models.JSONField(default=dict)),
                        ("evses", models.JSONField(default=list)),
                        ("nonce", models.CharField(blank=True, max_length=64)),
                        (
                            "created_at",
                            models.DateTimeField(db_index=True, default=django.utils.timezone.now),
                        ),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
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
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="stations.site",
                            ),
                        ),
                        (
                            "station",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="draft",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "station being added",
                        "verbose_name_plural": "stations being added",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
    ]
