"""The sites of limited API tokens; both ends are of one operator."""

import django.db.models.deletion
from django.db import migrations, models

from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0017_limited_tokens"),
        ("stations", "0016_quick_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiTokenSite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.operator",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="stations.site",
                    ),
                ),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.apitoken",
                    ),
                ),
            ],
            options={
                "verbose_name": "site of an API token",
                "verbose_name_plural": "sites of API tokens",
                "ordering": ["token_id", "site_id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("token", "site"), name="api_token_site_once")
                ],
            },
        ),
        sql.same_operator("stations_apitokensite", "token_id", "core_apitoken"),
        sql.same_operator("stations_apitokensite", "site_id", "stations_site"),
    ]
