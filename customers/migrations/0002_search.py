"""Id tokens can be found by any part of their numbers."""

from django.db import migrations

from core.search import sql

TOKENS = (
    "customers_idtoken",
    "token",
    ("{}uid", "{}uid_decimal", "{}uid_reversed", "{}printed_number", "{}label"),
)


class Migration(migrations.Migration):
    # Each batch of the first fill is committed by itself.
    atomic = False

    dependencies = [("core", "0005_search"), ("customers", "0001_initial")]

    operations = [sql.searchable(*TOKENS), sql.filled(*TOKENS)]
