"""Payment terminals at EVSEs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stations", "0031_read_by_marks"),
    ]

    operations = [
        migrations.AddField(
            model_name="evse",
            name="payment_terminal",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Its id at the terminal gateway; several EVSEs may share one.",
                max_length=40,
                verbose_name="payment terminal",
            ),
        ),
    ]
