"""High-volume tables, partitioned by month of our clock, and the network's guards.

No foreign key points at a partitioned table; uniqueness lives in plain tables.
"""

from django.db import migrations

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
CREATE INDEX connectionjournal_station ON stations_connectionjournal (station_id, received_at);
CREATE INDEX framejournal_station ON stations_framejournal (station_id, received_at);
CREATE INDEX framejournal_operator ON stations_framejournal (operator_id, received_at);
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

TENANT_KEYS = [
    ("stations_station", "site_id", "stations_site"),
    ("stations_evse", "station_id", "stations_station"),
    ("stations_connector", "evse_id", "stations_evse"),
    ("stations_devicevariable", "station_id", "stations_station"),
    ("stations_csmsoutage", "station_id", "stations_station"),
    ("stations_session", "station_id", "stations_station"),
    ("stations_session", "evse_id", "stations_evse"),
    ("stations_sessionfact", "station_id", "stations_station"),
    ("stations_sessionfact", "session_id", "stations_session"),
    ("stations_command", "station_id", "stations_station"),
    ("stations_parkedmessage", "station_id", "stations_station"),
    ("stations_authorisationattempt", "station_id", "stations_station"),
    ("stations_reservation", "station_id", "stations_station"),
    ("stations_locallist", "station_id", "stations_station"),
    ("stations_stationevent", "station_id", "stations_station"),
]


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


class Migration(migrations.Migration):
    dependencies = [("stations", "0001_initial"), ("core", "0002_guards")]
    operations = [
        *(create(table, columns) for table, columns in TABLES.items()),
        migrations.RunSQL(INDEXES, migrations.RunSQL.noop),
        migrations.RunSQL(ENSURE, "DROP FUNCTION portal_ensure_partitions(date, date);"),
        migrations.RunSQL(
            "SELECT portal_ensure_partitions(current_date, (current_date + interval '3 months')::date);",
            migrations.RunSQL.noop,
        ),
        sql.append_only("stations_statusjournal"),
        sql.append_only("stations_connectionjournal"),
        *(sql.same_operator(*key) for key in TENANT_KEYS),
        migrations.RunSQL(
            "CREATE SEQUENCE stations_transaction_seq AS integer START 1001;",
            "DROP SEQUENCE stations_transaction_seq;",
        ),
        # Rows that change often keep room for in-page (HOT) updates.
        migrations.RunSQL(
            "ALTER TABLE stations_stationlink SET (fillfactor = 60);"
            "ALTER TABLE stations_connector SET (fillfactor = 70);"
            "ALTER TABLE stations_session SET (fillfactor = 70);",
            migrations.RunSQL.noop,
        ),
    ]
