"""Journals are read by marks; nothing reads the last number any more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("stations", "0030_plans"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="detectioncursor",
            name="last_id",
        ),
    ]
