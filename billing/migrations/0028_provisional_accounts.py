"""Accounts of people who are about to pay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0027_vehicles"),
    ]

    operations = [
        migrations.AddField(
            model_name="billingaccount",
            name="is_provisional",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                verbose_name="nobody has paid yet",
            ),
        ),
    ]
