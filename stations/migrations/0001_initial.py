"""Sites with who is limited to them, stations and their parts, makers' models."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

from core.migrating import CreateModels
from core.tenancy import sql

HISTORY = """
CREATE FUNCTION portal_place_key(component text, component_instance text, evse integer,
  connector integer, variable text, variable_instance text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN component = '' THEN variable ELSE
    component || CASE WHEN component_instance = '' THEN '' ELSE '[' || component_instance || ']' END
    || CASE WHEN evse = 0 THEN '' ELSE '@' || evse END
    || CASE WHEN evse = 0 OR connector = 0 THEN '' ELSE ':' || connector END
    || '.' || variable
    || CASE WHEN variable_instance = '' THEN '' ELSE '[' || variable_instance || ']' END
  END
$$;
CREATE FUNCTION portal_keep_value() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO stations_valuechange (operator_id, station_id, key, attribute, value, source,
    command_ref, at)
  VALUES (NEW.operator_id, NEW.station_id, left(portal_place_key(NEW.component,
    NEW.component_instance, NEW.evse_number, NEW.connector_number, NEW.variable,
    NEW.variable_instance), 320), NEW.attribute, NEW.value, NEW.source, NEW.command_ref,
    NEW.updated_at);
  RETURN NULL;
END $$;
-- The state of connectors has a journal of its own.
CREATE TRIGGER stations_devicevariable_first AFTER INSERT ON stations_devicevariable
  FOR EACH ROW WHEN (NEW.variable <> 'AvailabilityState') EXECUTE FUNCTION portal_keep_value();
CREATE TRIGGER stations_devicevariable_changed AFTER UPDATE ON stations_devicevariable
  FOR EACH ROW WHEN (NEW.value IS DISTINCT FROM OLD.value AND NEW.variable <> 'AvailabilityState')
  EXECUTE FUNCTION portal_keep_value();
"""

NO_HISTORY = """
DROP TRIGGER stations_devicevariable_first ON stations_devicevariable;
DROP TRIGGER stations_devicevariable_changed ON stations_devicevariable;
DROP FUNCTION portal_keep_value();
DROP FUNCTION portal_place_key(text, text, integer, integer, text, text);
"""

KEYS = {
    "stations_station": {
        "site_id": "stations_site",
        "hardware_model_id": "stations_hardwaremodel",
    },
    "stations_evse": {
        "station_id": "stations_station",
    },
    "stations_connector": {
        "evse_id": "stations_evse",
    },
    "stations_devicevariable": {
        "station_id": "stations_station",
    },
    "stations_csmsoutage": {
        "station_id": "stations_station",
    },
    "stations_membershipsite": {
        "membership_id": "core_membership",
        "site_id": "stations_site",
    },
    "stations_hardwareunit": {
        "station_id": "stations_station",
    },
    "stations_modelquirk": {
        "hardware_model_id": "stations_hardwaremodel",
    },
    "stations_valuechange": {
        "station_id": "stations_station",
    },
    "stations_apitokensite": {
        "token_id": "core_apitoken",
        "site_id": "stations_site",
    },
}


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0006_lists"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Site",
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
                            "address",
                            models.CharField(blank=True, max_length=200, verbose_name="address"),
                        ),
                        (
                            "postal_code",
                            models.CharField(blank=True, max_length=16, verbose_name="postal code"),
                        ),
                        ("city", models.CharField(blank=True, max_length=100, verbose_name="town")),
                        (
                            "country_code",
                            models.CharField(
                                default="SE", max_length=2, verbose_name="country code"
                            ),
                        ),
                        (
                            "latitude",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                max_digits=9,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(-90),
                                    django.core.validators.MaxValueValidator(90),
                                ],
                                verbose_name="latitude",
                            ),
                        ),
                        (
                            "longitude",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                max_digits=9,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(-180),
                                    django.core.validators.MaxValueValidator(180),
                                ],
                                verbose_name="longitude",
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(
                                default="Europe/Stockholm", max_length=64, verbose_name="time zone"
                            ),
                        ),
                        (
                            "power_limit_w",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="power limit (W)"
                            ),
                        ),
                        (
                            "allow_profile_0",
                            models.BooleanField(
                                default=False,
                                help_text="Only has effect where the installation allows it too.",
                                verbose_name="allow stations without password",
                            ),
                        ),
                        (
                            "commissioned_on",
                            models.DateField(blank=True, null=True, verbose_name="commissioned"),
                        ),
                        (
                            "retired_on",
                            models.DateField(blank=True, null=True, verbose_name="retired"),
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
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "access_reason",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="For example: guest bays of a housing association.",
                                max_length=300,
                                verbose_name="why not, or when",
                            ),
                        ),
                        (
                            "access_type",
                            models.CharField(
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
                        (
                            "accessibility",
                            models.CharField(
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
                        (
                            "accessibility_note",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=300,
                                verbose_name="what to know about it",
                            ),
                        ),
                        (
                            "accessible_spaces",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[django.core.validators.MaxValueValidator(9999)],
                                verbose_name="parking spaces for people with disabilities",
                            ),
                        ),
                        (
                            "directions",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="How to find the stations once there.",
                                max_length=500,
                                verbose_name="directions",
                            ),
                        ),
                        (
                            "host_contact",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=200,
                                verbose_name="contact at the host",
                            ),
                        ),
                        (
                            "host_name",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Whose land or house it is.",
                                max_length=120,
                                verbose_name="site host",
                            ),
                        ),
                        (
                            "is_renewable",
                            models.CharField(
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
                        (
                            "opening_hours",
                            models.JSONField(blank=True, null=True, verbose_name="opening hours"),
                        ),
                        (
                            "operator_email",
                            models.EmailField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=254,
                                verbose_name="operator's e-mail address",
                            ),
                        ),
                        (
                            "operator_phone",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=40,
                                verbose_name="operator's telephone",
                            ),
                        ),
                        (
                            "owner_email",
                            models.EmailField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=254,
                                verbose_name="owner's e-mail address",
                            ),
                        ),
                        (
                            "owner_name",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=120,
                                verbose_name="owner of the stations",
                            ),
                        ),
                        (
                            "owner_phone",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=40,
                                verbose_name="owner's telephone",
                            ),
                        ),
                        (
                            "parking_type",
                            models.CharField(
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
                        (
                            "public_access",
                            models.CharField(
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
                        (
                            "renewable_note",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="For example: 100 % wind power with guarantees of origin.",
                                max_length=200,
                                verbose_name="share and source",
                            ),
                        ),
                        (
                            "place_class",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not stated"),
                                    ("home", "Home"),
                                    ("workplace", "Workplace"),
                                    ("depot", "Depot"),
                                    ("public", "Public"),
                                ],
                                db_default="",
                                default="",
                                help_text="What charging here is to who drives. Sessions keep it as it was when they began.",
                                max_length=20,
                                verbose_name="place class",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "site",
                        "verbose_name_plural": "sites",
                        "ordering": ["name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "name"), name="site_name_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("latitude__isnull", True),
                                    models.Q(("latitude__gte", -90), ("latitude__lte", 90)),
                                    _connector="OR",
                                ),
                                name="site_latitude_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("longitude__isnull", True),
                                    models.Q(("longitude__gte", -180), ("longitude__lte", 180)),
                                    _connector="OR",
                                ),
                                name="site_longitude_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MembershipSite",
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
                            "membership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="core.membership",
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
                    ],
                    options={
                        "verbose_name": "site of a member",
                        "verbose_name_plural": "sites of members",
                        "ordering": ["membership_id", "site_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("membership", "site"), name="membership_site_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HardwareModel",
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
                        (
                            "ocpp_version",
                            models.CharField(blank=True, max_length=10, verbose_name="OCPP"),
                        ),
                        (
                            "security_profile",
                            models.PositiveSmallIntegerField(
                                default=1, verbose_name="security profile"
                            ),
                        ),
                        ("evses", models.JSONField(blank=True, default=list, verbose_name="EVSEs")),
                        (
                            "documentation_url",
                            models.URLField(blank=True, verbose_name="documentation"),
                        ),
                        (
                            "newest_firmware",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="newest firmware"
                            ),
                        ),
                        (
                            "note",
                            models.TextField(blank=True, max_length=2000, verbose_name="note"),
                        ),
                        (
                            "retired_on",
                            models.DateField(blank=True, null=True, verbose_name="retired"),
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
                migrations.CreateModel(
                    name="Station",
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
                            "identity",
                            models.CharField(max_length=48, verbose_name="socket identity"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "security_profile",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "0: no password"),
                                    (1, "1: password"),
                                    (2, "2: TLS and password"),
                                    (3, "3: TLS with client certificate"),
                                ],
                                default=1,
                                verbose_name="security profile",
                            ),
                        ),
                        (
                            "password_digest",
                            models.CharField(
                                blank=True,
                                help_text="HMAC-SHA-256, or Argon2 for imported ones",
                                max_length=200,
                            ),
                        ),
                        (
                            "assume_subprotocol",
                            models.CharField(
                                blank=True,
                                max_length=10,
                                verbose_name="assume this version when the station offers none",
                            ),
                        ),
                        (
                            "hands_off",
                            models.BooleanField(
                                default=False,
                                help_text="Send no message of our own after boot; only what a person asks for.",
                                verbose_name="hands off",
                            ),
                        ),
                        (
                            "quirks",
                            models.JSONField(blank=True, default=dict, verbose_name="quirks"),
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
                            "serial_number",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="serial number"
                            ),
                        ),
                        (
                            "firmware_version",
                            models.CharField(blank=True, max_length=64, verbose_name="firmware"),
                        ),
                        ("boot_info", models.JSONField(blank=True, default=dict)),
                        (
                            "commissioned_on",
                            models.DateField(blank=True, null=True, verbose_name="commissioned"),
                        ),
                        (
                            "retired_on",
                            models.DateField(blank=True, null=True, verbose_name="retired"),
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
                                related_name="stations",
                                to="stations.site",
                            ),
                        ),
                        (
                            "catalogue_quirks",
                            models.JSONField(
                                blank=True,
                                db_default={},
                                default=dict,
                                help_text="Of model and firmware; derived",
                            ),
                        ),
                        (
                            "matched_as",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Vendor, model and firmware that the catalogue was asked for",
                                max_length=200,
                            ),
                        ),
                        (
                            "hardware_model",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="stations",
                                to="stations.hardwaremodel",
                                verbose_name="catalogue model",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "station",
                        "verbose_name_plural": "stations",
                        "ordering": ["name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Upper("identity"),
                                name="station_identity_ci_unique",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Evse",
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
                            "number",
                            models.PositiveIntegerField(
                                help_text="OCPP EVSE id, from 1", verbose_name="number"
                            ),
                        ),
                        (
                            "public_id",
                            models.CharField(
                                blank=True,
                                help_text="SE*ABC*E1*1",
                                max_length=48,
                                null=True,
                                unique=True,
                                verbose_name="EVSE id",
                            ),
                        ),
                        (
                            "max_power_w",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="power (W)"
                            ),
                        ),
                        (
                            "current_type",
                            models.CharField(
                                choices=[
                                    ("AC_1_PHASE", "AC, one phase"),
                                    ("AC_3_PHASE", "AC, three phases"),
                                    ("DC", "DC"),
                                ],
                                default="AC_3_PHASE",
                                max_length=12,
                                verbose_name="current",
                            ),
                        ),
                        (
                            "phases",
                            models.PositiveSmallIntegerField(default=3, verbose_name="phases"),
                        ),
                        (
                            "is_confirmed",
                            models.BooleanField(
                                default=True,
                                help_text="Reported by the station but not yet by us",
                                verbose_name="confirmed",
                            ),
                        ),
                        (
                            "commissioned_on",
                            models.DateField(blank=True, null=True, verbose_name="commissioned"),
                        ),
                        (
                            "retired_on",
                            models.DateField(blank=True, null=True, verbose_name="retired"),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evses",
                                to="stations.station",
                            ),
                        ),
                        (
                            "access_reason",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=300,
                                verbose_name="why not, or when",
                            ),
                        ),
                        (
                            "accessibility",
                            models.CharField(
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
                        (
                            "grant_conditions",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=500,
                                verbose_name="conditions",
                            ),
                        ),
                        (
                            "grant_ends_on",
                            models.DateField(blank=True, null=True, verbose_name="conditions end"),
                        ),
                        (
                            "grant_name",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=120,
                                verbose_name="granted by, reference",
                            ),
                        ),
                        (
                            "grant_state",
                            models.CharField(
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
                        (
                            "meter_class",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="A, B or C; DC meters also 0.5 or 1.",
                                max_length=8,
                                verbose_name="accuracy class",
                            ),
                        ),
                        (
                            "meter_make",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=80,
                                verbose_name="meter make and model",
                            ),
                        ),
                        (
                            "meter_mid_year",
                            models.PositiveSmallIntegerField(
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
                        (
                            "meter_serial",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=64,
                                verbose_name="meter serial number",
                            ),
                        ),
                        (
                            "parking_note",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="For example: at most 3 hours, 8–18.",
                                max_length=200,
                                verbose_name="about parking",
                            ),
                        ),
                        (
                            "parking_restrictions",
                            models.JSONField(
                                blank=True,
                                db_default=[],
                                default=list,
                                verbose_name="parking restrictions",
                            ),
                        ),
                        (
                            "payment_ways",
                            models.JSONField(
                                blank=True, db_default=[], default=list, verbose_name="ways to pay"
                            ),
                        ),
                        (
                            "public_access",
                            models.CharField(
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
                        (
                            "vehicle_types",
                            models.JSONField(
                                blank=True, db_default=[], default=list, verbose_name="vehicles"
                            ),
                        ),
                        (
                            "meter_public_key",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="By it signed values are checked: hexadecimal, Base64 or PEM.",
                                max_length=600,
                                verbose_name="public key of the meter",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "EVSE",
                        "verbose_name_plural": "EVSEs",
                        "ordering": ["station_id", "number"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("station", "number"), name="evse_number_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("number__gte", 1)), name="evse_number_from_1"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StationLink",
                    fields=[
                        (
                            "station",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="link",
                                serialize=False,
                                to="stations.station",
                            ),
                        ),
                        ("generation", models.BigIntegerField(default=0)),
                        (
                            "is_connected",
                            models.BooleanField(default=False, verbose_name="connected"),
                        ),
                        ("bridge", models.CharField(blank=True, max_length=64)),
                        (
                            "ocpp_version",
                            models.CharField(
                                blank=True, max_length=10, verbose_name="OCPP version"
                            ),
                        ),
                        (
                            "remote_address",
                            models.CharField(blank=True, max_length=64, verbose_name="address"),
                        ),
                        (
                            "connected_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="connected since"
                            ),
                        ),
                        (
                            "disconnected_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="disconnected"
                            ),
                        ),
                        (
                            "last_seen_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="last heard from"
                            ),
                        ),
                        (
                            "boot_status",
                            models.CharField(
                                choices=[
                                    ("none", "Not booted"),
                                    ("accepted", "Accepted"),
                                    ("pending", "Pending"),
                                    ("rejected", "Rejected"),
                                ],
                                default="none",
                                max_length=10,
                            ),
                        ),
                        (
                            "booted_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="booted"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("unknown", "Unknown"),
                                    ("available", "Available"),
                                    ("preparing", "Preparing"),
                                    ("occupied", "Occupied"),
                                    ("charging", "Charging"),
                                    ("suspended_ev", "Paused by the car"),
                                    ("suspended_evse", "Paused by the station"),
                                    ("finishing", "Finishing"),
                                    ("reserved", "Reserved"),
                                    ("unavailable", "Unavailable"),
                                    ("faulted", "Faulted"),
                                ],
                                default="unknown",
                                help_text="Status of the station itself (connector 0)",
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "error_code",
                            models.CharField(blank=True, max_length=50, verbose_name="error code"),
                        ),
                        ("info", models.CharField(blank=True, max_length=255)),
                        ("status_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "station link",
                        "verbose_name_plural": "station links",
                    },
                ),
                migrations.CreateModel(
                    name="DeviceVariable",
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
                            "component",
                            models.CharField(blank=True, max_length=50, verbose_name="component"),
                        ),
                        ("component_instance", models.CharField(blank=True, max_length=50)),
                        (
                            "evse_number",
                            models.PositiveIntegerField(default=0, verbose_name="EVSE"),
                        ),
                        (
                            "connector_number",
                            models.PositiveIntegerField(default=0, verbose_name="connector"),
                        ),
                        ("variable", models.CharField(max_length=100, verbose_name="variable")),
                        ("variable_instance", models.CharField(blank=True, max_length=50)),
                        (
                            "attribute",
                            models.CharField(
                                default="Actual", max_length=10, verbose_name="attribute"
                            ),
                        ),
                        ("value", models.TextField(blank=True, null=True, verbose_name="value")),
                        (
                            "mutability",
                            models.CharField(blank=True, max_length=12, verbose_name="mutability"),
                        ),
                        ("characteristics", models.JSONField(blank=True, default=dict)),
                        (
                            "updated_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="updated"
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
                                related_name="variables",
                                to="stations.station",
                            ),
                        ),
                        (
                            "command_ref",
                            models.CharField(blank=True, db_default="", default="", max_length=24),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("report", "The station's report"),
                                    ("answer", "The station's answer"),
                                    ("command", "A command of ours that the station took"),
                                ],
                                db_default="report",
                                default="report",
                                max_length=8,
                                verbose_name="told by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "device variable",
                        "verbose_name_plural": "device variables",
                        "ordering": ["station_id", "component", "variable", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=(
                                    "station",
                                    "component",
                                    "component_instance",
                                    "evse_number",
                                    "connector_number",
                                    "variable",
                                    "variable_instance",
                                    "attribute",
                                ),
                                name="device_variable_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CsmsOutage",
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
                        ("bridge", models.CharField(max_length=64)),
                        ("generation", models.BigIntegerField()),
                        ("began_at", models.DateTimeField(verbose_name="began")),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
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
                                related_name="csms_outages",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "outage of our own",
                        "verbose_name_plural": "outages of our own",
                        "ordering": ["-began_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("station", "generation"),
                                name="csms_outage_once_a_generation",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Connector",
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
                        ("number", models.PositiveIntegerField(default=1, verbose_name="number")),
                        (
                            "connector_type",
                            models.CharField(
                                choices=[
                                    ("IEC_62196_T2", "Type 2"),
                                    ("IEC_62196_T2_COMBO", "CCS2"),
                                    ("CHADEMO", "CHAdeMO"),
                                    ("IEC_62196_T1", "Type 1"),
                                    ("DOMESTIC_F", "Domestic (Schuko)"),
                                    ("UNKNOWN", "Unknown"),
                                ],
                                default="UNKNOWN",
                                max_length=24,
                                verbose_name="type",
                            ),
                        ),
                        (
                            "is_tethered",
                            models.BooleanField(default=False, verbose_name="fixed cable"),
                        ),
                        (
                            "is_confirmed",
                            models.BooleanField(default=True, verbose_name="confirmed"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("unknown", "Unknown"),
                                    ("available", "Available"),
                                    ("preparing", "Preparing"),
                                    ("occupied", "Occupied"),
                                    ("charging", "Charging"),
                                    ("suspended_ev", "Paused by the car"),
                                    ("suspended_evse", "Paused by the station"),
                                    ("finishing", "Finishing"),
                                    ("reserved", "Reserved"),
                                    ("unavailable", "Unavailable"),
                                    ("faulted", "Faulted"),
                                ],
                                default="unknown",
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        ("status_raw", models.CharField(blank=True, max_length=40)),
                        (
                            "error_code",
                            models.CharField(blank=True, max_length=50, verbose_name="error code"),
                        ),
                        (
                            "vendor_error_code",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="vendor error code"
                            ),
                        ),
                        (
                            "info",
                            models.CharField(blank=True, max_length=255, verbose_name="details"),
                        ),
                        (
                            "status_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="station time"
                            ),
                        ),
                        (
                            "status_received_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="received"),
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
                            "evse",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="connectors",
                                to="stations.evse",
                            ),
                        ),
                        (
                            "cable_length_cm",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="cable length (cm)"
                            ),
                        ),
                        (
                            "max_power_w",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Nothing: as the EVSE.",
                                null=True,
                                verbose_name="power (W)",
                            ),
                        ),
                        (
                            "retired_on",
                            models.DateField(blank=True, null=True, verbose_name="retired"),
                        ),
                    ],
                    options={
                        "verbose_name": "connector",
                        "verbose_name_plural": "connectors",
                        "ordering": ["evse_id", "number"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evse", "number"), name="connector_number_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HardwareUnit",
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
                            "identity",
                            models.CharField(max_length=48, verbose_name="socket identity"),
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
                            "serial_number",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="serial number"
                            ),
                        ),
                        (
                            "firmware_version",
                            models.CharField(blank=True, max_length=64, verbose_name="firmware"),
                        ),
                        ("installed_at", models.DateTimeField(verbose_name="from")),
                        (
                            "removed_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="until"
                            ),
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
                        (
                            "quirks",
                            models.JSONField(
                                blank=True,
                                db_default={},
                                default=dict,
                                help_text="As they were when it was removed",
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
                                django.db.models.functions.text.Upper("identity"),
                                name="unit_identity_idx",
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
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            models.CharField(
                                blank=True, max_length=300, verbose_name="how it was seen"
                            ),
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
                                fields=("hardware_model", "name", "firmware"),
                                name="model_quirk_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ValueChange",
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
                        ("attribute", models.CharField(max_length=10, verbose_name="attribute")),
                        ("value", models.TextField(null=True, verbose_name="value")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("report", "The station's report"),
                                    ("answer", "The station's answer"),
                                    ("command", "A command of ours that the station took"),
                                ],
                                max_length=8,
                                verbose_name="told by",
                            ),
                        ),
                        ("command_ref", models.CharField(blank=True, max_length=24)),
                        ("at", models.DateTimeField(verbose_name="time")),
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
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="value_changes",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "change of a value",
                        "verbose_name_plural": "changes of values",
                        "ordering": ["-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["station", "-id"], name="value_change_station_idx"
                            ),
                            models.Index(
                                fields=["station", "key", "-id"], name="value_change_key_idx"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApiTokenSite",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="stations.site",
                            ),
                        ),
                        (
                            "token",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="core.apitoken",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "site of an API token",
                        "verbose_name_plural": "sites of API tokens",
                        "ordering": ["token_id", "site_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("token", "site"), name="api_token_site_once"
                            )
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        migrations.RunSQL(HISTORY, NO_HISTORY),
        sql.append_only("stations_valuechange"),
        migrations.RunSQL(
            "ALTER TABLE stations_stationlink SET (fillfactor = 60); ALTER TABLE stations_connector SET (fillfactor = 70);",
            migrations.RunSQL.noop,
        ),
    ]
