"""Orders of what remedies could not heal: as before where an operator decided already, made by
the system where it decides from now on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stations", "0031_read_by_marks"),
    ]

    operations = [
        migrations.AddField(
            model_name="remedysetting",
            name="makes_orders",
            field=models.BooleanField(
                default=False, verbose_name="make a work order when remedies did not help"
            ),
        ),
        migrations.AlterField(
            model_name="remedysetting",
            name="makes_orders",
            field=models.BooleanField(
                default=True, verbose_name="make a work order when remedies did not help"
            ),
        ),
    ]
