"""The bridge need not wait for the search's entry of every session that begins."""

from django.db import migrations

from core.search import sql


class Migration(migrations.Migration):
    dependencies = [("core", "0016_search_fill"), ("stations", "0013_event_times")]

    operations = [sql.later("stations_session")]
