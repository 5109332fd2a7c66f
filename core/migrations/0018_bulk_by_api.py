"""Bulk actions that are asked for with an API token."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0017_limited_tokens"),
    ]

    operations = [
        migrations.AddField(
            model_name="bulkrow",
            name="key",
            field=models.CharField(
                blank=True, help_text="How the API names the row", max_length=64
            ),
        ),
        migrations.AddField(
            model_name="bulkrun",
            name="time_zone",
            field=models.CharField(blank=True, help_text="Of times in the form", max_length=64),
        ),
        migrations.AddField(
            model_name="bulkrun",
            name="token",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="core.apitoken",
            ),
        ),
        migrations.AlterField(
            model_name="bulkrun",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("user", None), ("token", None), _connector="XOR"),
                name="bulk_run_one_caller",
            ),
        ),
        sql.same_operator("core_bulkrun", "token_id", "core_apitoken"),
    ]
