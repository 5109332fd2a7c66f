"""Which account pays for drivers and companies, and cost centres."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_accounts"),
        ("core", "0016_search_fill"),
        ("customers", "0005_takeover"),
    ]

    operations = [
        migrations.AddField(
            model_name="driver",
            name="cost_centre",
            field=models.CharField(blank=True, max_length=40, verbose_name="cost centre"),
        ),
        migrations.CreateModel(
            name="CompanyAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid_from_on",
                    models.DateField(blank=True, null=True, verbose_name="valid from"),
                ),
                (
                    "valid_until_on",
                    models.DateField(blank=True, null=True, verbose_name="valid until"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="billing.billingaccount",
                        verbose_name="billing account",
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
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="account_links",
                        to="customers.company",
                    ),
                ),
            ],
            options={
                "verbose_name": "company's account",
                "verbose_name_plural": "companies' accounts",
                "ordering": ["owner_id", "valid_from_on", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from_on__isnull", True),
                            ("valid_until_on__isnull", True),
                            ("valid_until_on__gte", models.F("valid_from_on")),
                            _connector="OR",
                        ),
                        name="companyaccount_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DriverAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid_from_on",
                    models.DateField(blank=True, null=True, verbose_name="valid from"),
                ),
                (
                    "valid_until_on",
                    models.DateField(blank=True, null=True, verbose_name="valid until"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="billing.billingaccount",
                        verbose_name="billing account",
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
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="account_links",
                        to="customers.driver",
                    ),
                ),
            ],
            options={
                "verbose_name": "driver's account",
                "verbose_name_plural": "drivers' accounts",
                "ordering": ["owner_id", "valid_from_on", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from_on__isnull", True),
                            ("valid_until_on__isnull", True),
                            ("valid_until_on__gte", models.F("valid_from_on")),
                            _connector="OR",
                        ),
                        name="driveraccount_order",
                    )
                ],
            },
        ),
        *(
            operation
            for link, owner in (
                ("customers_driveraccount", "customers_driver"),
                ("customers_companyaccount", "customers_company"),
            )
            for operation in (
                sql.same_operator(link, "owner_id", owner),
                sql.same_operator(link, "account_id", "billing_billingaccount"),
                sql.no_overlap(link, "owner_id", owner),
            )
        ),
    ]
