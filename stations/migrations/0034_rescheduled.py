"""Lines of orders that tell of another day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stations", "0033_payment_terminals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="orderentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Opened"),
                    ("state", "State"),
                    ("assigned", "Assigned"),
                    ("changed", "Changed"),
                    ("rescheduled", "Another day"),
                    ("note", "Note"),
                    ("pause", "Clock"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
    ]
