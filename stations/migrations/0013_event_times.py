"""Finds what is new in the journals and among finished commands by time, for webhooks.

The journals grow by time, so a BRIN index of a few pages is enough and costs writers nothing
that can be measured.
"""

from django.db import migrations, models

BRIN = """
CREATE INDEX {table}_received ON stations_{table} USING brin (received_at)
  WITH (pages_per_range = 32, autosummarize = on);
"""


class Migration(migrations.Migration):
    dependencies = [("stations", "0012_local_list_steps")]
    operations = [
        *(
            migrations.RunSQL(BRIN.format(table=table), f"DROP INDEX {table}_received;")
            for table in ("statusjournal", "connectionjournal")
        ),
        migrations.AddIndex(
            model_name="command",
            index=models.Index(
                fields=["finished_at"],
                condition=models.Q(finished_at__isnull=False),
                name="command_finished_idx",
            ),
        ),
    ]
