"""Lines of invoices name the vehicle."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0026_card_payments"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoiceline",
            name="registration_number",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=12,
                verbose_name="registration number",
            ),
        ),
    ]
