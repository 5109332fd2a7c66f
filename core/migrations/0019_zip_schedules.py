"""Schedules may send archives."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0018_bulk_by_api"),
    ]

    operations = [
        migrations.AlterField(
            model_name="schedule",
            name="extension",
            field=models.CharField(
                choices=[("csv", "CSV"), ("xlsx", "XLSX"), ("pdf", "PDF"), ("zip", "ZIP")],
                default="xlsx",
                max_length=5,
                verbose_name="format",
            ),
        ),
    ]
