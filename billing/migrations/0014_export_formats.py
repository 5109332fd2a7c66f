"""Workbooks by convention, and for whom a file was made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0013_running_costs"),
    ]

    operations = [
        migrations.AddField(
            model_name="exportreceipt",
            name="made_for",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="exportprofile",
            name="file_format",
            field=models.CharField(
                choices=[
                    ("sie", "SIE 4I"),
                    ("csv_swedish", "CSV, Swedish"),
                    ("csv_international", "CSV, international"),
                    ("xlsx", "XLSX, Swedish"),
                    ("xlsx_international", "XLSX, international"),
                    ("json", "JSON"),
                ],
                default="sie",
                max_length=20,
                verbose_name="format",
            ),
        ),
    ]
