"""Payouts that a provider lists and that could not be read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0030_payment_terminals"),
    ]

    operations = [
        migrations.AddField(
            model_name="provideraccount",
            name="unread_payouts",
            field=models.JSONField(blank=True, default=dict, verbose_name="payouts not read"),
        ),
    ]
