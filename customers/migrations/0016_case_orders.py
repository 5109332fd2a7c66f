"""Work orders that came from support cases."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0023_maintenance"),
        ("customers", "0015_payroll"),
        ("stations", "0029_field"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="made"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order_links",
                        to="customers.supportcase",
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
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.workorder",
                    ),
                ),
            ],
            options={
                "verbose_name": "work order of a case",
                "verbose_name_plural": "work orders of cases",
                "ordering": ["-made_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        *sql.same_operators(
            {
                "customers_caseorder": {
                    "case_id": "customers_supportcase",
                    "order_id": "stations_workorder",
                }
            }
        ),
    ]
