"""Finds held sessions, and exchanges that went wrong, without a walk over all others.

Both indexes hold the few rows that are out of the ordinary, so that writers pay nothing for the
rest.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stations", "0015_lean_sessions")]
    operations = [
        migrations.AddIndex(
            model_name="session",
            index=models.Index(
                fields=["operator", "-first_received_at"],
                condition=models.Q(is_held=True),
                name="session_held_idx",
            ),
        ),
        migrations.RunSQL(
            "CREATE INDEX framejournal_wrong ON stations_framejournal (operator_id, received_at)"
            " WHERE outcome IN ('error', 'bad', 'none');",
            "DROP INDEX framejournal_wrong;",
        ),
    ]
