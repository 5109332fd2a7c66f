"""The boots of a station are found among all of its messages."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stations", "0010_session_started")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX framejournal_boots ON stations_framejournal (station_id, received_at)"
            " WHERE action = 'BootNotification'",
            "DROP INDEX framejournal_boots",
        ),
    ]
