"""The quirks that a removed unit had, for sessions of its time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stations", "0008_station_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="hardwareunit",
            name="quirks",
            field=models.JSONField(
                blank=True,
                db_default={},
                default=dict,
                help_text="As they were when it was removed",
            ),
        ),
    ]
