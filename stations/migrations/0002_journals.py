"""Sessions, commands, what the bridge keeps, and the journals, which have a part a month."""

import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

from core.migrating import CreateModels
from core.tenancy import sql

TABLES = {
    "stations_statusjournal": """
        operator_id bigint NOT NULL, station_id bigint NOT NULL,
        evse_number integer NOT NULL, connector_number integer NOT NULL,
        status varchar(20) NOT NULL, status_raw varchar(40) NOT NULL,
        error_code varchar(50) NOT NULL DEFAULT '', vendor_error_code varchar(64) NOT NULL DEFAULT '',
        vendor_id varchar(255) NOT NULL DEFAULT '', info varchar(255) NOT NULL DEFAULT '',
        station_at timestamptz, station_at_raw varchar(40) NOT NULL DEFAULT '',
        generation bigint NOT NULL DEFAULT 0""",
    "stations_connectionjournal": """
        happened_at timestamptz NOT NULL,
        operator_id bigint NOT NULL, station_id bigint NOT NULL, generation bigint NOT NULL,
        kind varchar(20) NOT NULL, bridge varchar(64) NOT NULL DEFAULT '',
        ocpp_version varchar(10) NOT NULL DEFAULT '', remote_address varchar(64) NOT NULL DEFAULT '',
        close_code integer, reason varchar(255) NOT NULL DEFAULT ''""",
    "stations_framejournal": """
        operator_id bigint NOT NULL, station_id bigint NOT NULL,
        generation bigint NOT NULL DEFAULT 0, direction varchar(5) NOT NULL,
        ocpp_version varchar(10) NOT NULL DEFAULT '', action varchar(60) NOT NULL DEFAULT '',
        message_id varchar(64) NOT NULL DEFAULT '', request text NOT NULL DEFAULT '',
        answer text, outcome varchar(10) NOT NULL DEFAULT '',
        error_code varchar(40) NOT NULL DEFAULT '', answered_at timestamptz,
        findings varchar(400) NOT NULL DEFAULT ''""",
    "stations_meterreading": """
        operator_id bigint NOT NULL, station_id bigint NOT NULL, session_id bigint,
        evse_number integer, at timestamptz NOT NULL, measurand varchar(50) NOT NULL,
        phase varchar(8) NOT NULL DEFAULT '', location varchar(12) NOT NULL DEFAULT '',
        context varchar(24) NOT NULL DEFAULT '', unit varchar(24) NOT NULL DEFAULT '',
        value numeric(20, 4), raw varchar(64) NOT NULL DEFAULT ''""",
}

INDEXES = """
CREATE INDEX statusjournal_station ON stations_statusjournal (station_id, received_at);
CREATE INDEX statusjournal_received ON stations_statusjournal USING brin (received_at)
  WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX connectionjournal_station ON stations_connectionjournal (station_id, received_at);
CREATE INDEX connectionjournal_received ON stations_connectionjournal USING brin (received_at)
  WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX framejournal_station ON stations_framejournal (station_id, received_at);
CREATE INDEX framejournal_operator ON stations_framejournal (operator_id, received_at);
CREATE INDEX framejournal_boots ON stations_framejournal (station_id, received_at)
  WHERE action = 'BootNotification';
CREATE INDEX framejournal_wrong ON stations_framejournal (operator_id, received_at)
  WHERE outcome IN ('error', 'bad', 'none');
CREATE INDEX meterreading_session ON stations_meterreading (session_id, at);
"""

ENSURE = """
CREATE FUNCTION portal_ensure_partitions(first date, last date) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  base text;
  month date;
  made integer := 0;
  partition text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('portal_ensure_partitions'));
  FOREACH base IN ARRAY ARRAY['stations_statusjournal', 'stations_connectionjournal',
                              'stations_framejournal', 'stations_meterreading'] LOOP
    month := date_trunc('month', first)::date;
    WHILE month <= last LOOP
      partition := base || to_char(month, '_YYYY_MM');
      IF to_regclass(partition) IS NULL THEN
        EXECUTE format(
          'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', partition, base,
          month::timestamp AT TIME ZONE 'UTC',
          (month + interval '1 month') AT TIME ZONE 'UTC');
        made := made + 1;
      END IF;
      month := (month + interval '1 month')::date;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;
"""


def create(table: str, columns: str) -> migrations.RunSQL:
    """A partitioned table with its sequence and an empty default partition."""
    return migrations.RunSQL(
        f"CREATE SEQUENCE {table}_id_seq CACHE 100;"
        f"CREATE TABLE {table} (id bigint NOT NULL DEFAULT nextval('{table}_id_seq'),"
        f" received_at timestamptz NOT NULL, {columns}, PRIMARY KEY (id, received_at))"
        " PARTITION BY RANGE (received_at);"
        f"ALTER SEQUENCE {table}_id_seq OWNED BY {table}.id;"
        f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT;",
        f"DROP TABLE {table};",
    )


KEYS = {
    "stations_session": {
        "station_id": "stations_station",
        "evse_id": "stations_evse",
    },
    "stations_sessionfact": {
        "station_id": "stations_station",
        "session_id": "stations_session",
    },
    "stations_command": {
        "station_id": "stations_station",
    },
    "stations_parkedmessage": {
        "station_id": "stations_station",
    },
    "stations_authorisationattempt": {
        "station_id": "stations_station",
    },
    "stations_reservation": {
        "station_id": "stations_station",
    },
    "stations_locallist": {
        "station_id": "stations_station",
        "command_id": "stations_command",
    },
    "stations_stationevent": {
        "station_id": "stations_station",
    },
    "stations_locallistsetting": {
        "site_id": "stations_site",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("stations", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ConnectionJournal",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "id",
                                "received_at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("received_at", models.DateTimeField(verbose_name="recorded")),
                        ("happened_at", models.DateTimeField(verbose_name="time")),
                        ("operator_id", models.BigIntegerField()),
                        ("station_id", models.BigIntegerField()),
                        ("generation", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("connected", "Connected"),
                                    ("disconnected", "Disconnected"),
                                    ("replaced", "Replaced by a newer connection"),
                                    ("csms_outage", "Our own outage"),
                                ],
                                max_length=20,
                                verbose_name="event",
                            ),
                        ),
                        ("bridge", models.CharField(default="", max_length=64)),
                        ("ocpp_version", models.CharField(default="", max_length=10)),
                        ("remote_address", models.CharField(default="", max_length=64)),
                        ("close_code", models.IntegerField(null=True)),
                        (
                            "reason",
                            models.CharField(default="", max_length=255, verbose_name="reason"),
                        ),
                    ],
                    options={
                        "verbose_name": "connection entry",
                        "verbose_name_plural": "connection journal",
                        "db_table": "stations_connectionjournal",
                        "ordering": ["-received_at", "-id"],
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="FrameJournal",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "id",
                                "received_at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("received_at", models.DateTimeField(verbose_name="time")),
                        ("operator_id", models.BigIntegerField()),
                        ("station_id", models.BigIntegerField()),
                        ("generation", models.BigIntegerField(default=0)),
                        ("direction", models.CharField(max_length=5, verbose_name="direction")),
                        ("ocpp_version", models.CharField(default="", max_length=10)),
                        (
                            "action",
                            models.CharField(default="", max_length=60, verbose_name="action"),
                        ),
                        (
                            "message_id",
                            models.CharField(
                                default="", max_length=64, verbose_name="correlation id"
                            ),
                        ),
                        ("request", models.TextField(default="", verbose_name="request")),
                        ("answer", models.TextField(null=True, verbose_name="answer")),
                        (
                            "outcome",
                            models.CharField(
                                default="",
                                help_text="result, error, none, bad",
                                max_length=10,
                                verbose_name="outcome",
                            ),
                        ),
                        (
                            "error_code",
                            models.CharField(default="", max_length=40, verbose_name="error"),
                        ),
                        ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                        (
                            "findings",
                            models.CharField(default="", max_length=400, verbose_name="findings"),
                        ),
                    ],
                    options={
                        "verbose_name": "OCPP message",
                        "verbose_name_plural": "OCPP journal",
                        "db_table": "stations_framejournal",
                        "ordering": ["-received_at", "-id"],
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="MeterReading",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "id",
                                "received_at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("received_at", models.DateTimeField(verbose_name="received")),
                        ("operator_id", models.BigIntegerField()),
                        ("station_id", models.BigIntegerField()),
                        ("session_id", models.BigIntegerField(null=True)),
                        ("evse_number", models.PositiveIntegerField(null=True)),
                        ("at", models.DateTimeField(verbose_name="time")),
                        ("measurand", models.CharField(max_length=50, verbose_name="measurand")),
                        ("phase", models.CharField(default="", max_length=8, verbose_name="phase")),
                        (
                            "location",
                            models.CharField(default="", max_length=12, verbose_name="location"),
                        ),
                        (
                            "context",
                            models.CharField(default="", max_length=24, verbose_name="context"),
                        ),
                        ("unit", models.CharField(default="", max_length=24, verbose_name="unit")),
                        (
                            "value",
                            models.DecimalField(
                                decimal_places=4, max_digits=20, null=True, verbose_name="value"
                            ),
                        ),
                        ("raw", models.CharField(default="", max_length=64)),
                    ],
                    options={
                        "verbose_name": "meter reading",
                        "verbose_name_plural": "meter readings",
                        "db_table": "stations_meterreading",
                        "ordering": ["at", "id"],
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="StatusJournal",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "id",
                                "received_at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("received_at", models.DateTimeField(verbose_name="received")),
                        ("operator_id", models.BigIntegerField()),
                        ("station_id", models.BigIntegerField()),
                        ("evse_number", models.PositiveIntegerField(verbose_name="EVSE")),
                        ("connector_number", models.PositiveIntegerField(verbose_name="connector")),
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
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        ("status_raw", models.CharField(max_length=40)),
                        (
                            "error_code",
                            models.CharField(default="", max_length=50, verbose_name="error code"),
                        ),
                        ("vendor_error_code", models.CharField(default="", max_length=64)),
                        ("vendor_id", models.CharField(default="", max_length=255)),
                        (
                            "info",
                            models.CharField(default="", max_length=255, verbose_name="details"),
                        ),
                        (
                            "station_at",
                            models.DateTimeField(null=True, verbose_name="station time"),
                        ),
                        ("station_at_raw", models.CharField(default="", max_length=40)),
                        ("generation", models.BigIntegerField(default=0)),
                    ],
                    options={
                        "verbose_name": "status entry",
                        "verbose_name_plural": "status journal",
                        "db_table": "stations_statusjournal",
                        "ordering": ["-received_at", "-id"],
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="BridgeLease",
                    fields=[
                        (
                            "bridge",
                            models.CharField(max_length=64, primary_key=True, serialize=False),
                        ),
                        ("instance", models.UUIDField()),
                        ("started_at", models.DateTimeField()),
                        ("renewed_at", models.DateTimeField()),
                        ("stopped_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "bridge",
                        "verbose_name_plural": "bridges",
                    },
                ),
                migrations.CreateModel(
                    name="Session",
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
                        ("public_id", models.CharField(max_length=24, verbose_name="public id")),
                        (
                            "evse_number",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="EVSE"),
                        ),
                        (
                            "connector_number",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="connector"
                            ),
                        ),
                        (
                            "ocpp_version",
                            models.CharField(max_length=10, verbose_name="OCPP version"),
                        ),
                        (
                            "ocpp_transaction_id",
                            models.CharField(max_length=64, verbose_name="OCPP transaction id"),
                        ),
                        (
                            "transaction_use",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="Counts the times a station used this transaction id",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("active", "Charging"),
                                    ("ended", "Ended"),
                                    ("end_missing", "End missing"),
                                    ("start_missing", "Start missing"),
                                ],
                                max_length=16,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "id_token",
                            models.CharField(blank=True, max_length=255, verbose_name="token"),
                        ),
                        ("id_token_type", models.CharField(blank=True, max_length=24)),
                        ("token_snapshot", models.JSONField(blank=True, default=dict)),
                        (
                            "authorised",
                            models.BooleanField(blank=True, null=True, verbose_name="authorised"),
                        ),
                        (
                            "started_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="started"),
                        ),
                        (
                            "stopped_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="stopped"),
                        ),
                        (
                            "first_received_at",
                            models.DateTimeField(default=django.utils.timezone.now),
                        ),
                        (
                            "last_fact_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="last heard of"
                            ),
                        ),
                        (
                            "meter_start_wh",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=16, null=True
                            ),
                        ),
                        (
                            "register_wh",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=16, null=True
                            ),
                        ),
                        (
                            "energy_wh",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                max_digits=16,
                                null=True,
                                verbose_name="energy (Wh)",
                            ),
                        ),
                        (
                            "power_w",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=12,
                                null=True,
                                verbose_name="power (W)",
                            ),
                        ),
                        (
                            "soc_percent",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=5,
                                null=True,
                                verbose_name="battery (%)",
                            ),
                        ),
                        (
                            "charging_state",
                            models.CharField(
                                blank=True, max_length=24, verbose_name="charging state"
                            ),
                        ),
                        (
                            "stop_reason",
                            models.CharField(blank=True, max_length=40, verbose_name="stop reason"),
                        ),
                        (
                            "is_offline",
                            models.BooleanField(default=False, verbose_name="reported afterwards"),
                        ),
                        ("reservation_number", models.BigIntegerField(blank=True, null=True)),
                        ("remote_start_id", models.BigIntegerField(blank=True, null=True)),
                        (
                            "findings",
                            models.JSONField(blank=True, default=list, verbose_name="findings"),
                        ),
                        (
                            "is_held",
                            models.BooleanField(default=False, verbose_name="held for review"),
                        ),
                        ("intervals", models.JSONField(blank=True, default=dict)),
                        (
                            "reported_ongoing",
                            models.BooleanField(
                                blank=True,
                                help_text="Last answer of GetTransactionStatus",
                                null=True,
                            ),
                        ),
                        ("reported_in_queue", models.BooleanField(blank=True, null=True)),
                        ("reconcile_due", models.BooleanField(default=False)),
                        ("reconciled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "evse",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sessions",
                                to="stations.evse",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
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
                                related_name="sessions",
                                to="stations.station",
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
                                max_length=20,
                                verbose_name="place class",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "session",
                        "verbose_name_plural": "sessions",
                        "ordering": ["-first_received_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-first_received_at"], name="session_recent_idx"
                            ),
                            models.Index(
                                fields=["station", "-first_received_at"], name="session_station_idx"
                            ),
                            models.Index(
                                condition=models.Q(("reconcile_due", True)),
                                fields=["id"],
                                name="session_due_idx",
                            ),
                            models.Index(
                                condition=models.Q(("state", "active")),
                                fields=["station"],
                                name="session_live_idx",
                            ),
                            models.Index(
                                models.F("operator"),
                                django.db.models.functions.text.Upper("id_token"),
                                models.F("first_received_at"),
                                name="session_token_ci_idx",
                            ),
                            models.Index(
                                django.db.models.fields.json.KeyTextTransform(
                                    "driver", "token_snapshot"
                                ),
                                models.F("first_received_at"),
                                name="session_driver_idx",
                            ),
                            models.Index(
                                django.db.models.fields.json.KeyTextTransform(
                                    "company", "token_snapshot"
                                ),
                                models.F("first_received_at"),
                                name="session_company_idx",
                            ),
                            models.Index(
                                fields=["operator", "-started_at"], name="session_started_idx"
                            ),
                            models.Index(
                                condition=models.Q(("is_held", True)),
                                fields=["operator", "-first_received_at"],
                                name="session_held_idx",
                            ),
                            models.Index(
                                django.db.models.fields.json.KeyTextTransform(
                                    "vehicle", "token_snapshot"
                                ),
                                models.F("first_received_at"),
                                condition=models.Q(("token_snapshot__has_key", "vehicle")),
                                name="session_vehicle_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "active")),
                                fields=("evse",),
                                name="session_one_active_per_evse",
                            ),
                            models.UniqueConstraint(
                                fields=("station", "ocpp_transaction_id", "transaction_use"),
                                name="session_transaction_once",
                            ),
                            models.UniqueConstraint(
                                fields=("public_id",), name="session_public_id_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SessionFact",
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
                        ("key", models.CharField(max_length=64)),
                        ("kind", models.CharField(max_length=10)),
                        ("received_at", models.DateTimeField(verbose_name="received")),
                        ("transaction_id", models.CharField(blank=True, max_length=64)),
                        ("fact", models.JSONField()),
                        ("answer", models.JSONField(default=dict)),
                        (
                            "operator",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
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
                                related_name="facts",
                                to="stations.session",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "session fact",
                        "verbose_name_plural": "session facts",
                        "ordering": ["received_at", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("session__isnull", True)),
                                fields=["station", "received_at"],
                                name="session_fact_unmatched_idx",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("station", "key"), name="session_fact_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reservation",
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
                            "evse_number",
                            models.PositiveIntegerField(default=0, verbose_name="EVSE"),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="reservation id")),
                        ("id_token", models.CharField(max_length=255, verbose_name="token")),
                        ("group_id_token", models.CharField(blank=True, max_length=255)),
                        ("expires_at", models.DateTimeField(verbose_name="expires")),
                        (
                            "state",
                            models.CharField(
                                default="requested",
                                help_text="requested, active, refused, used, cancelled, expired, removed",
                                max_length=12,
                                verbose_name="state",
                            ),
                        ),
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
                                related_name="reservations",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reservation",
                        "verbose_name_plural": "reservations",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("station", "number"), name="reservation_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ParkedMessage",
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
                        ("received_at", models.DateTimeField(verbose_name="received")),
                        ("ocpp_version", models.CharField(max_length=10)),
                        ("action", models.CharField(max_length=60, verbose_name="action")),
                        ("raw", models.BinaryField()),
                        ("error", models.TextField(verbose_name="error")),
                        ("resolved_at", models.DateTimeField(blank=True, null=True)),
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
                                related_name="+",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "parked message",
                        "verbose_name_plural": "parked messages",
                        "ordering": ["-received_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="Knock",
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
                        ("identity", models.CharField(max_length=120, verbose_name="identity")),
                        ("reason", models.CharField(max_length=30, verbose_name="reason")),
                        (
                            "remote_address",
                            models.CharField(blank=True, max_length=64, verbose_name="address"),
                        ),
                        (
                            "subprotocols",
                            models.CharField(blank=True, max_length=200, verbose_name="offered"),
                        ),
                        ("user_agent", models.CharField(blank=True, max_length=200)),
                        (
                            "attempts",
                            models.PositiveIntegerField(default=1, verbose_name="attempts"),
                        ),
                        (
                            "first_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="first"
                            ),
                        ),
                        (
                            "last_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="last"
                            ),
                        ),
                        ("dismissed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "station",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="knocks",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "station that knocked",
                        "verbose_name_plural": "stations that knocked",
                        "ordering": ["-last_at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("identity", "reason"), name="knock_identity_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Command",
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
                        ("batch_id", models.UUIDField(blank=True, db_index=True, null=True)),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("person", "Person"),
                                    ("api", "API"),
                                    ("system", "System"),
                                ],
                                max_length=10,
                                verbose_name="origin",
                            ),
                        ),
                        (
                            "requested_by",
                            models.CharField(max_length=200, verbose_name="requested by"),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "command",
                            models.CharField(blank=True, max_length=40, verbose_name="command"),
                        ),
                        (
                            "parameters",
                            models.JSONField(blank=True, default=dict, verbose_name="parameters"),
                        ),
                        (
                            "ocpp_version",
                            models.CharField(
                                blank=True, max_length=10, verbose_name="OCPP version"
                            ),
                        ),
                        ("action", models.CharField(max_length=60, verbose_name="OCPP action")),
                        ("payload", models.JSONField(blank=True, default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Queued"),
                                    ("sent", "Sent"),
                                    ("answered", "Answered"),
                                    ("failed", "Failed"),
                                    ("timed_out", "No answer"),
                                    ("refused_offline", "Refused: offline"),
                                    ("expired", "Expired"),
                                ],
                                default="queued",
                                max_length=16,
                                verbose_name="state",
                            ),
                        ),
                        ("answer", models.JSONField(blank=True, null=True, verbose_name="answer")),
                        (
                            "answer_status",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="station's answer"
                            ),
                        ),
                        (
                            "error_code",
                            models.CharField(blank=True, max_length=60, verbose_name="error"),
                        ),
                        ("error_text", models.TextField(blank=True)),
                        ("message_id", models.CharField(blank=True, max_length=36)),
                        ("generation", models.BigIntegerField(blank=True, null=True)),
                        ("bridge", models.CharField(blank=True, max_length=64)),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="created"
                            ),
                        ),
                        ("expires_at", models.DateTimeField(verbose_name="expires")),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="sent"),
                        ),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished"),
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
                                related_name="commands",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "command",
                        "verbose_name_plural": "commands",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-created_at"], name="command_recent_idx"
                            ),
                            models.Index(
                                fields=["station", "-created_at"], name="command_station_idx"
                            ),
                            models.Index(
                                condition=models.Q(("state", "queued")),
                                fields=["station", "id"],
                                name="command_queued_idx",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["queued", "sent"])),
                                fields=["expires_at"],
                                name="command_open_idx",
                            ),
                            models.Index(
                                condition=models.Q(("finished_at__isnull", False)),
                                fields=["finished_at"],
                                name="command_finished_idx",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LocalList",
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
                        ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                        (
                            "reported_version",
                            models.IntegerField(
                                blank=True, null=True, verbose_name="reported version"
                            ),
                        ),
                        ("entries", models.JSONField(blank=True, default=list)),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
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
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="local_list",
                                to="stations.station",
                            ),
                        ),
                        (
                            "checked_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="version asked"
                            ),
                        ),
                        (
                            "choice",
                            models.CharField(
                                choices=[
                                    ("inherit", "As the site says"),
                                    ("on", "Kept in step"),
                                    ("off", "Left alone"),
                                ],
                                default="inherit",
                                max_length=8,
                                verbose_name="kept in step",
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
                            "compared_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="compared"),
                        ),
                        ("continues", models.BooleanField(default=False)),
                        (
                            "failures",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="failures in a row"
                            ),
                        ),
                        (
                            "held_count",
                            models.PositiveIntegerField(default=0, verbose_name="entries"),
                        ),
                        ("held_hash", models.CharField(blank=True, max_length=32)),
                        (
                            "is_pending",
                            models.BooleanField(default=False, verbose_name="being sent"),
                        ),
                        (
                            "last_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last sent"),
                        ),
                        (
                            "last_status",
                            models.CharField(blank=True, max_length=40, verbose_name="last answer"),
                        ),
                        (
                            "last_update",
                            models.CharField(blank=True, max_length=12, verbose_name="last update"),
                        ),
                        (
                            "left_out_count",
                            models.PositiveIntegerField(
                                default=0, verbose_name="cards without room"
                            ),
                        ),
                        ("needs_full", models.BooleanField(default=False)),
                        (
                            "next_try_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="next try"),
                        ),
                        ("stamp", models.CharField(blank=True, max_length=64)),
                        (
                            "unsupported_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="not supported"
                            ),
                        ),
                        ("unsupported_firmware", models.CharField(blank=True, max_length=64)),
                        (
                            "wanted_count",
                            models.PositiveIntegerField(default=0, verbose_name="desired entries"),
                        ),
                        ("wanted_hash", models.CharField(blank=True, max_length=32)),
                    ],
                    options={
                        "verbose_name": "local list",
                        "verbose_name_plural": "local lists",
                        "ordering": ["station_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_pending", True)),
                                fields=["station"],
                                name="list_pending_idx",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuthorisationAttempt",
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
                            "evse_number",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="EVSE"),
                        ),
                        ("at", models.DateTimeField(verbose_name="time")),
                        (
                            "kind",
                            models.CharField(help_text="authorize, start, event", max_length=12),
                        ),
                        ("id_token", models.CharField(max_length=255, verbose_name="token")),
                        ("id_token_type", models.CharField(blank=True, max_length=24)),
                        ("decision", models.CharField(max_length=24, verbose_name="decision")),
                        ("reason_code", models.CharField(max_length=40)),
                        ("token_snapshot", models.JSONField(blank=True, default=dict)),
                        (
                            "operator",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
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
                        "verbose_name": "authorisation attempt",
                        "verbose_name_plural": "authorisation attempts",
                        "ordering": ["-at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(fields=["operator", "-at"], name="attempt_recent_idx"),
                            models.Index(fields=["station", "-at"], name="attempt_station_idx"),
                            models.Index(
                                models.F("operator"),
                                django.db.models.functions.text.Upper("id_token"),
                                models.OrderBy(models.F("at"), descending=True),
                                name="attempt_token_ci_idx",
                            ),
                            models.Index(
                                django.db.models.fields.json.KeyTextTransform(
                                    "driver", "token_snapshot"
                                ),
                                models.OrderBy(models.F("at"), descending=True),
                                name="attempt_driver_idx",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StationEvent",
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
                        ("received_at", models.DateTimeField(verbose_name="received")),
                        (
                            "station_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="station time"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                help_text="security, firmware, log, diagnostics, monitoring, data_transfer, profiles, …",
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="event")),
                        ("severity", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("request_number", models.BigIntegerField(blank=True, null=True)),
                        ("data", models.JSONField(default=dict)),
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
                                related_name="events",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "station event",
                        "verbose_name_plural": "station events",
                        "ordering": ["-received_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["station", "-received_at"], name="event_station_idx"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChargingProfile",
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
                        ("number", models.PositiveIntegerField(verbose_name="profile id")),
                        (
                            "description",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="description"
                            ),
                        ),
                        ("profile", models.JSONField(verbose_name="profile")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="created"
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
                        "verbose_name": "charging profile",
                        "verbose_name_plural": "charging profiles",
                        "ordering": ["number", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "number"), name="charging_profile_number_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LocalListSetting",
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
                        ("is_enabled", models.BooleanField(verbose_name="kept in step")),
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
                        "verbose_name": "setting of local lists",
                        "verbose_name_plural": "settings of local lists",
                        "ordering": ["operator_id", "site_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("site", None)),
                                fields=("operator",),
                                name="local_list_setting_operator_once",
                            ),
                            models.UniqueConstraint(
                                fields=("site",), name="local_list_setting_site_once"
                            ),
                        ],
                    },
                ),
            ]
        ),
        *(create(table, columns) for table, columns in TABLES.items()),
        migrations.RunSQL(INDEXES, migrations.RunSQL.noop),
        migrations.RunSQL(ENSURE, "DROP FUNCTION portal_ensure_partitions(date, date);"),
        migrations.RunSQL(
            "SELECT portal_ensure_partitions(current_date, (current_date + interval '3 months')::date);",
            migrations.RunSQL.noop,
        ),
        sql.append_only("stations_statusjournal"),
        sql.append_only("stations_connectionjournal"),
        *sql.same_operators(KEYS),
        *(
            sql.same_operator_in_bulk(table, list(KEYS[table].items()))
            for table in (
                "stations_session",
                "stations_sessionfact",
                "stations_authorisationattempt",
            )
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE stations_transaction_seq AS integer START 1001;",
            "DROP SEQUENCE stations_transaction_seq;",
        ),
        migrations.RunSQL(
            "ALTER TABLE stations_session SET (fillfactor = 70);", migrations.RunSQL.noop
        ),
    ]
