"""The sites of limited members; both ends are of one operator."""

import django.db.models.deletion
from django.db import migrations, models

from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_limited_members"),
        ("stations", "0002_journals"),
    ]

    operations = [
        migrations.CreateModel(
            name="MembershipSite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.membership",
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
            ],
            options={
                "verbose_name": "site of a member",
                "verbose_name_plural": "sites of members",
                "ordering": ["membership_id", "site_id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("membership", "site"), name="membership_site_once"
                    )
                ],
            },
        ),
        sql.same_operator("stations_membershipsite", "membership_id", "core_membership"),
        sql.same_operator("stations_membershipsite", "site_id", "stations_site"),
    ]
