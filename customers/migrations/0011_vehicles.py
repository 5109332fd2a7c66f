"""Vehicles, and cards that sit in one."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.migrating import CreateModels
from core.search import sql as search
from core.tenancy import sql

KEYS = {
    "customers_vehicle": {
        "driver_id": "customers_driver",
        "company_id": "customers_company",
    },
    "customers_idtoken": {
        "vehicle_id": "customers_vehicle",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("customers", "0010_selfservice"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Vehicle",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "registration_number",
                            models.CharField(max_length=12, verbose_name="registration number"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        (
                            "driver",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="vehicles",
                                to="customers.driver",
                                verbose_name="driver",
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
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="vehicles",
                                to="customers.company",
                                verbose_name="company",
                            ),
                        ),
                        ("make", models.CharField(blank=True, max_length=40, verbose_name="make")),
                        (
                            "model",
                            models.CharField(blank=True, max_length=60, verbose_name="model"),
                        ),
                        (
                            "use",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("benefit", "Benefit car"),
                                    ("service", "Service car"),
                                    ("pool", "Pool car"),
                                    ("private", "Private car"),
                                ],
                                max_length=10,
                                verbose_name="use",
                            ),
                        ),
                        (
                            "cost_centre",
                            models.CharField(blank=True, max_length=40, verbose_name="cost centre"),
                        ),
                        (
                            "valid_from_on",
                            models.DateField(blank=True, null=True, verbose_name="valid from"),
                        ),
                        (
                            "valid_until_on",
                            models.DateField(blank=True, null=True, verbose_name="valid until"),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                    ],
                    options={
                        "verbose_name": "vehicle",
                        "verbose_name_plural": "vehicles",
                        "ordering": ["registration_number", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "registration_number"),
                                name="vehicle_number_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from_on__isnull", True),
                                    ("valid_until_on__isnull", True),
                                    ("valid_until_on__gte", models.F("valid_from_on")),
                                    _connector="OR",
                                ),
                                name="vehicle_validity_order",
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="idtoken",
            name="vehicle",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="tokens",
                to="customers.vehicle",
                verbose_name="vehicle",
            ),
        ),
        *sql.same_operators(KEYS),
        search.searchable("customers_vehicle", "vehicle", ("{}registration_number",)),
    ]
