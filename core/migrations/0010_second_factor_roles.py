"""Which roles of an operator need a second factor."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0009_members"),
    ]

    operations = [
        migrations.AddField(
            model_name="operator",
            name="second_factor_roles",
            field=models.JSONField(
                blank=True,
                help_text="Empty: as the installation says",
                null=True,
                verbose_name="roles that need a second factor",
            ),
        ),
    ]
