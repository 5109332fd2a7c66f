"""That a guest was told what is still to be paid."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0020_linked_again")]

    operations = [
        migrations.AddField(
            model_name="guestvisit",
            name="told_unpaid_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="told that it is unpaid"
            ),
        ),
    ]
