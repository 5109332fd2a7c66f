"""Sites, stations, EVSEs and sessions can be found by any part of their texts."""

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
    # Each batch of the first fill is committed by itself.
    atomic = False

    dependencies = [("core", "0005_search"), ("stations", "0003_member_sites")]

    operations = [
        *(sql.searchable(*source) for source in SOURCES),
        *(sql.filled(*source) for source in SOURCES),
    ]
