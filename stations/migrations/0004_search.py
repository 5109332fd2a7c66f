"""What the search finds of stations."""

from django.db import migrations

from core.search import sql

SOURCES = (
    ("stations_site", "site", ("{}name", "{}public_id", "{}address", "{}city")),
    (
        "stations_station",
        "station",
        ("{}name", "{}public_id", "{}identity", "{}serial_number", "{}model"),
    ),
    ("stations_evse", "evse", ("{}public_id", "replace({}public_id, '*', '')")),
    ("stations_session", "session", ("{}public_id", "{}ocpp_transaction_id", "{}id_token")),
)


class Migration(migrations.Migration):
    dependencies = [
        ("stations", "0002_journals"),
    ]

    operations = [
        *(sql.searchable(*source) for source in SOURCES),
        sql.later("stations_session"),
    ]
