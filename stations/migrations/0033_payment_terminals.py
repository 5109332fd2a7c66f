"""Payment terminals at EVSEs, and sites where guests may not charge."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stations", "0032_orders_of_unhealed"),
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
        migrations.AddField(
            model_name="site",
            name="guest_charging",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="They pay by the code on the connector. Public places must let them"
                " (AFIR art. 5).",
                verbose_name="guests may charge without an account",
            ),
        ),
    ]
