"""Members that work with chosen places alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="is_limited",
            field=models.BooleanField(default=False, verbose_name="limited to chosen sites"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_limited", True), ("role", "owner"), _negated=True),
                name="membership_owner_has_no_limit",
            ),
        ),
    ]
