"""What is public of sites and EVSEs, the model catalogue, and units that were replaced."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_guards"),
        ("stations", "0004_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="connector",
            name="cable_length_cm",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="cable length (cm)"
            ),
        ),
        migrations.AddField(
            model_name="connector",
            name="max_power_w",
            field=models.PositiveIntegerField(
                blank=True, help_text="Nothing: as the EVSE.", null=True, verbose_name="power (W)"
            ),
        ),
        migrations.AddField(
            model_name="connector",
            name="retired_on",
            field=models.DateField(blank=True, null=True, verbose_name="retired"),
        ),
        migrations.AddField(
            model_name="evse",
            name="access_reason",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=300,
                verbose_name="why not, or when",
            ),
        ),
        migrations.AddField(
            model_name="evse",
            name="accessibility",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not stated"),
                    ("yes", "Suitable"),
                    ("partly", "Partly suitable"),
                    ("no", "Not suitable"),
                ],
                db_default="",
                default="",
                help_text="Not stated: as the site.",
                max_length=20,
                verbose_name="suitable for people with disabilities",
            ),
        ),
        migrations.AddField(
            model_name="evse",
            name="grant_conditions",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=500, verbose_name="conditions"
            ),
        ),
        migrations.AddField(
            model_name="evse",
            name="grant_ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="conditions end"),
        ),
        migrations.AddField(
            model_name="evse",
            name="grant_name",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=120,
                verbose_name="granted by, reference",
            ),
        ),
        migrations.AddField(
            model_name="evse",
            name="grant_state",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not stated"),
                    ("none", "No grant"),
                    ("granted", "Built with a grant"),
                ],
                db_default="",
                default="",
                max_length=20,
                verbose_name="grant",
            ),
        ),
        migrations.AddField(
            model_name="evse",
            name="meter_class",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="A, B or C; DC meters also 0.5 or 1.",
                max_length=8,
                verbose_name="accuracy class",
            ),
        ),
        migrations.AddField(
            model_name="evse",
            name="meter_make",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=80,
                verbose_name="meter make and model",
            ),
        ),
        migrations.AddField(
            model_name="evse",
            name="meter_mid_year",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="The two digits after M on the meter, as a year.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(2000),
                    django.core.validators.MaxValueValidator(2100),
                ],
                verbose_name="MID year",
            ),
        ),
        migrations.AddField(
            model_name="evse",
            name="meter_serial",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=64,
                verbose_name="meter serial number",
            ),
        ),
        migrations.AddField(
            model_name="evse",
            name="parking_note",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="For example: at most 3 hours, 8–18.",
                max_length=200,
                verbose_name="about parking",
            ),
        ),
        migrations.AddField(
            model_name="evse",
            name="parking_restrictions",
            field=models.JSONField(
                blank=True, db_default=[], default=list, verbose_name="parking restrictions"
            ),
        ),
        migrations.AddField(
            model_name="evse",
            name="payment_ways",
            field=models.JSONField(
                blank=True, db_default=[], default=list, verbose_name="ways to pay"
            ),
        ),
        migrations.AddField(
            model_name="evse",
            name="public_access",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not stated"),
                    ("public", "Yes, for everyone"),
                    ("part_time", "Part of the time"),
                    ("private", "No"),
                ],
                db_default="",
                default="",
                help_text="Not stated: as the site.",
                max_length=20,
                verbose_name="publicly accessible",
            ),
        ),
        migrations.AddField(
            model_name="evse",
            name="vehicle_types",
            field=models.JSONField(
                blank=True, db_default=[], default=list, verbose_name="vehicles"
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="access_reason",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="For example: guest bays of a housing association.",
                max_length=300,
                verbose_name="why not, or when",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="access_type",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not stated"),
                    ("open", "Open to everyone"),
                    ("barrier", "Behind a barrier, open to everyone"),
                    ("entrance_fee", "Against an entrance or parking fee"),
                    ("customers", "Customers and guests"),
                    ("employees", "Employees"),
                    ("residents", "Residents"),
                ],
                db_default="",
                default="",
                max_length=20,
                verbose_name="who may enter",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="accessibility",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not stated"),
                    ("yes", "Suitable"),
                    ("partly", "Partly suitable"),
                    ("no", "Not suitable"),
                ],
                db_default="",
                default="",
                max_length=20,
                verbose_name="suitable for people with disabilities",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="accessibility_note",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=300,
                verbose_name="what to know about it",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="accessible_spaces",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MaxValueValidator(9999)],
                verbose_name="parking spaces for people with disabilities",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="directions",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="How to find the stations once there.",
                max_length=500,
                verbose_name="directions",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="host_contact",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=200,
                verbose_name="contact at the host",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="host_name",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Whose land or house it is.",
                max_length=120,
                verbose_name="site host",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="is_renewable",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not stated"),
                    ("yes", "Yes, all of it"),
                    ("no", "No, or not all of it"),
                ],
                db_default="",
                default="",
                max_length=20,
                verbose_name="renewable electricity",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="opening_hours",
            field=models.JSONField(blank=True, null=True, verbose_name="opening hours"),
        ),
        migrations.AddField(
            model_name="site",
            name="operator_email",
            field=models.EmailField(
                blank=True,
                db_default="",
                default="",
                max_length=254,
                verbose_name="operator's e-mail address",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="operator_phone",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=40,
                verbose_name="operator's telephone",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="owner_email",
            field=models.EmailField(
                blank=True,
                db_default="",
                default="",
                max_length=254,
                verbose_name="owner's e-mail address",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="owner_name",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=120,
                verbose_name="owner of the stations",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="owner_phone",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=40,
                verbose_name="owner's telephone",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="parking_type",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not stated"),
                    ("ALONG_MOTORWAY", "Along a motorway"),
                    ("PARKING_GARAGE", "Parking garage"),
                    ("PARKING_LOT", "Parking lot"),
                    ("ON_DRIVEWAY", "On a driveway"),
                    ("ON_STREET", "On the street"),
                    ("UNDERGROUND_GARAGE", "Underground garage"),
                ],
                db_default="",
                default="",
                max_length=20,
                verbose_name="kind of place",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="public_access",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not stated"),
                    ("public", "Yes, for everyone"),
                    ("part_time", "Part of the time"),
                    ("private", "No"),
                ],
                db_default="",
                default="",
                help_text="Decides price rules, the public map and the public data feed.",
                max_length=20,
                verbose_name="publicly accessible",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="renewable_note",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="For example: 100 % wind power with guarantees of origin.",
                max_length=200,
                verbose_name="share and source",
            ),
        ),
        migrations.AddField(
            model_name="station",
            name="catalogue_quirks",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, help_text="Of model and firmware; derived"
            ),
        ),
        migrations.AddField(
            model_name="station",
            name="matched_as",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Vendor, model and firmware that the catalogue was asked for",
                max_length=200,
            ),
        ),
        migrations.CreateModel(
            name="HardwareModel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(max_length=24, unique=True, verbose_name="public id"),
                ),
                ("vendor", models.CharField(max_length=64, verbose_name="vendor")),
                (
                    "model",
                    models.CharField(
                        help_text="As the station reports it; * stands for any text.",
                        max_length=64,
                        verbose_name="model",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("ocpp_version", models.CharField(blank=True, max_length=10, verbose_name="OCPP")),
                (
                    "security_profile",
                    models.PositiveSmallIntegerField(default=1, verbose_name="security profile"),
                ),
                ("evses", models.JSONField(blank=True, default=list, verbose_name="EVSEs")),
                ("documentation_url", models.URLField(blank=True, verbose_name="documentation")),
                (
                    "newest_firmware",
                    models.CharField(blank=True, max_length=64, verbose_name="newest firmware"),
                ),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="note")),
                ("retired_on", models.DateField(blank=True, null=True, verbose_name="retired")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
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
                "verbose_name": "station model",
                "verbose_name_plural": "station models",
                "ordering": ["vendor", "model", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("operator"),
                        django.db.models.functions.text.Upper("vendor"),
                        django.db.models.functions.text.Upper("model"),
                        name="hardware_model_once",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="station",
            name="hardware_model",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="stations",
                to="stations.hardwaremodel",
                verbose_name="catalogue model",
            ),
        ),
        migrations.CreateModel(
            name="HardwareUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identity", models.CharField(max_length=48, verbose_name="socket identity")),
                ("vendor", models.CharField(blank=True, max_length=64, verbose_name="vendor")),
                ("model", models.CharField(blank=True, max_length=64, verbose_name="model")),
                (
                    "serial_number",
                    models.CharField(blank=True, max_length=64, verbose_name="serial number"),
                ),
                (
                    "firmware_version",
                    models.CharField(blank=True, max_length=64, verbose_name="firmware"),
                ),
                ("installed_at", models.DateTimeField(verbose_name="from")),
                (
                    "removed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="until"),
                ),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("repair", "To repair"),
                            ("stock", "To stock"),
                            ("scrap", "Scrapped"),
                        ],
                        max_length=10,
                        verbose_name="now",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="why")),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "removed unit",
                "verbose_name_plural": "removed units",
                "ordering": ["-removed_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        django.db.models.functions.text.Upper("identity"), name="unit_identity_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("removed_at__gte", models.F("installed_at"))),
                        name="unit_removed_after_installed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelQuirk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="quirk")),
                ("value", models.JSONField(verbose_name="value")),
                (
                    "firmware",
                    models.CharField(
                        blank=True,
                        help_text="Nothing: any. Otherwise 1.2.*, or >=1.2 <1.5",
                        max_length=100,
                        verbose_name="firmware",
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, max_length=300, verbose_name="how it was seen"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "hardware_model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quirks",
                        to="stations.hardwaremodel",
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
                "verbose_name": "quirk of a model",
                "verbose_name_plural": "quirks of models",
                "ordering": ["hardware_model_id", "name", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hardware_model", "name", "firmware"), name="model_quirk_once"
                    )
                ],
            },
        ),
        sql.same_operator("stations_station", "hardware_model_id", "stations_hardwaremodel"),
        sql.same_operator("stations_hardwareunit", "station_id", "stations_station"),
        sql.same_operator("stations_modelquirk", "hardware_model_id", "stations_hardwaremodel"),
    ]
