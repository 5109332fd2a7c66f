"""API tokens that work with chosen places alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0016_search_fill"),
    ]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="is_limited",
            field=models.BooleanField(default=False, verbose_name="limited to chosen sites"),
        ),
    ]
