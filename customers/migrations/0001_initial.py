"""Companies and drivers with their accounts, id tokens."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

import customers.limits.models
from core.migrating import CreateModels
from core.search import sql as search
from core.tenancy import sql

SEARCHABLE = (
    (
        "customers_idtoken",
        "token",
        ("{}uid", "{}uid_decimal", "{}uid_reversed", "{}printed_number", "{}label"),
    ),
    (
        "customers_company",
        "company",
        ("{}name", "{}public_id", "{}organisation_number", "{}contact_name", "{}contact_email"),
    ),
    (
        "customers_driver",
        "driver",
        ("{}name", "{}public_id", "{}email", "{}phone_normalised", "{}employee_number"),
    ),
)

KEYS = {
    "customers_driver": {
        "company_id": "customers_company",
    },
    "customers_idtoken": {
        "driver_id": "customers_driver",
        "company_id": "customers_company",
    },
    "customers_driveraccount": {
        "owner_id": "customers_driver",
        "account_id": "billing_billingaccount",
    },
    "customers_companyaccount": {
        "owner_id": "customers_company",
        "account_id": "billing_billingaccount",
    },
}


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("billing", "0003_accounts"),
        ("core", "0015_notifications"),
        ("stations", "0004_search"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Company",
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
                            "max_concurrent_sessions",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="sessions at once"
                            ),
                        ),
                        (
                            "max_energy_wh_per_month",
                            models.PositiveBigIntegerField(
                                blank=True, null=True, verbose_name="energy per month (Wh)"
                            ),
                        ),
                        (
                            "allowed_hours",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[customers.limits.models.check_hours],
                                verbose_name="only in these hours",
                            ),
                        ),
                        (
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "country_code",
                            models.CharField(
                                default="SE", max_length=2, verbose_name="country code"
                            ),
                        ),
                        (
                            "organisation_number",
                            models.CharField(
                                blank=True, max_length=20, verbose_name="organisation number"
                            ),
                        ),
                        (
                            "contact_name",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="contact person"
                            ),
                        ),
                        (
                            "contact_email",
                            models.EmailField(
                                blank=True, max_length=254, verbose_name="contact's e-mail"
                            ),
                        ),
                        (
                            "contact_phone",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="contact's phone"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("active", "Active"), ("blocked", "Blocked")],
                                default="active",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "status_reason",
                            models.CharField(blank=True, max_length=500, verbose_name="why"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                        (
                            "allowed_sites",
                            models.ManyToManyField(
                                blank=True,
                                related_name="+",
                                to="stations.site",
                                verbose_name="only at these sites",
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
                            "limit_currency",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=3,
                                verbose_name="currency of the limit",
                            ),
                        ),
                        (
                            "max_gross_per_month",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                help_text="What the sessions of a month may cost, with VAT.",
                                max_digits=12,
                                null=True,
                                verbose_name="amount per month",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "company",
                        "verbose_name_plural": "companies",
                        "ordering": ["name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "name"), name="company_name_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("organisation_number", ""), _negated=True),
                                fields=("operator", "country_code", "organisation_number"),
                                name="company_organisation_number_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("max_gross_per_month__isnull", True),
                                    models.Q(
                                        ("limit_currency__regex", "^[A-Z]{3}$"),
                                        ("max_gross_per_month__gte", 0),
                                    ),
                                    _connector="OR",
                                ),
                                name="company_money_limit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Driver",
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
                            "max_concurrent_sessions",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="sessions at once"
                            ),
                        ),
                        (
                            "max_energy_wh_per_month",
                            models.PositiveBigIntegerField(
                                blank=True, null=True, verbose_name="energy per month (Wh)"
                            ),
                        ),
                        (
                            "allowed_hours",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[customers.limits.models.check_hours],
                                verbose_name="only in these hours",
                            ),
                        ),
                        (
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "email",
                            models.EmailField(blank=True, max_length=254, verbose_name="e-mail"),
                        ),
                        (
                            "phone",
                            models.CharField(blank=True, max_length=40, verbose_name="phone"),
                        ),
                        (
                            "phone_normalised",
                            models.CharField(blank=True, editable=False, max_length=20),
                        ),
                        (
                            "employee_number",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="employee number"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(default="sv", max_length=10, verbose_name="language"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("active", "Active"), ("blocked", "Blocked")],
                                default="active",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "status_reason",
                            models.CharField(blank=True, max_length=500, verbose_name="why"),
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
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                        (
                            "allowed_sites",
                            models.ManyToManyField(
                                blank=True,
                                related_name="+",
                                to="stations.site",
                                verbose_name="only at these sites",
                            ),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="drivers",
                                to="customers.company",
                                verbose_name="company",
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
                            "cost_centre",
                            models.CharField(blank=True, max_length=40, verbose_name="cost centre"),
                        ),
                        (
                            "limit_currency",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=3,
                                verbose_name="currency of the limit",
                            ),
                        ),
                        (
                            "max_gross_per_month",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                help_text="What the sessions of a month may cost, with VAT.",
                                max_digits=12,
                                null=True,
                                verbose_name="amount per month",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "driver",
                        "verbose_name_plural": "drivers",
                        "ordering": ["name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "phone_normalised"], name="driver_phone_idx"
                            ),
                            models.Index(fields=["operator", "name"], name="driver_name_idx"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("operator"),
                                django.db.models.functions.text.Lower("email"),
                                condition=models.Q(("email", ""), _negated=True),
                                name="driver_email_ci_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("employee_number", ""), _negated=True),
                                fields=("company", "employee_number"),
                                name="driver_employee_number_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from_on__isnull", True),
                                    ("valid_until_on__isnull", True),
                                    ("valid_until_on__gte", models.F("valid_from_on")),
                                    _connector="OR",
                                ),
                                name="driver_validity_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("max_gross_per_month__isnull", True),
                                    models.Q(
                                        ("limit_currency__regex", "^[A-Z]{3}$"),
                                        ("max_gross_per_month__gte", 0),
                                    ),
                                    _connector="OR",
                                ),
                                name="driver_money_limit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdToken",
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
                        ("uid", models.CharField(max_length=36, verbose_name="UID")),
                        (
                            "uid_decimal",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="decimal form"
                            ),
                        ),
                        (
                            "uid_reversed",
                            models.CharField(
                                blank=True, max_length=36, verbose_name="reversed byte order"
                            ),
                        ),
                        (
                            "printed_number",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="printed number"
                            ),
                        ),
                        (
                            "label",
                            models.CharField(blank=True, max_length=100, verbose_name="label"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("rfid", "RFID card"),
                                    ("app", "App"),
                                    ("virtual", "Virtual"),
                                ],
                                default="rfid",
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("customer", "Customer"),
                                    ("service", "Service"),
                                    ("test", "Test"),
                                    ("goodwill", "Goodwill"),
                                ],
                                default="customer",
                                max_length=10,
                                verbose_name="purpose",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("active", "Active"),
                                    ("blocked", "Blocked"),
                                    ("invalid", "Withdrawn"),
                                ],
                                default="active",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "expires_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="expires"),
                        ),
                        (
                            "group_id",
                            models.CharField(
                                blank=True, max_length=36, verbose_name="parent group"
                            ),
                        ),
                        (
                            "max_concurrent_sessions",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="sessions at once"
                            ),
                        ),
                        (
                            "max_energy_wh_per_month",
                            models.PositiveBigIntegerField(
                                blank=True, null=True, verbose_name="energy per month (Wh)"
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                        (
                            "allowed_sites",
                            models.ManyToManyField(
                                blank=True,
                                related_name="+",
                                to="stations.site",
                                verbose_name="only at these sites",
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
                            "allowed_hours",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[customers.limits.models.check_hours],
                                verbose_name="only in these hours",
                            ),
                        ),
                        (
                            "status_reason",
                            models.CharField(blank=True, max_length=500, verbose_name="why"),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pool_tokens",
                                to="customers.company",
                                verbose_name="company pool",
                            ),
                        ),
                        (
                            "driver",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tokens",
                                to="customers.driver",
                                verbose_name="driver",
                            ),
                        ),
                        (
                            "limit_currency",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=3,
                                verbose_name="currency of the limit",
                            ),
                        ),
                        (
                            "max_gross_per_month",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                help_text="What the sessions of a month may cost, with VAT.",
                                max_digits=12,
                                null=True,
                                verbose_name="amount per month",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "id token",
                        "verbose_name_plural": "id tokens",
                        "ordering": ["uid", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "uid_decimal"], name="id_token_decimal_idx"
                            ),
                            models.Index(
                                fields=["operator", "uid_reversed"], name="id_token_reversed_idx"
                            ),
                            models.Index(
                                models.F("operator"),
                                django.db.models.functions.text.Upper(
                                    django.db.models.functions.text.Replace(
                                        django.db.models.functions.text.Replace(
                                            models.F("printed_number"), models.Value(" ")
                                        ),
                                        models.Value("-"),
                                    )
                                ),
                                name="id_token_printed_bare_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("operator"),
                                django.db.models.functions.text.Upper("uid"),
                                name="id_token_uid_ci_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("driver__isnull", True),
                                    ("company__isnull", True),
                                    _connector="OR",
                                ),
                                name="id_token_one_owner",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("max_gross_per_month__isnull", True),
                                    models.Q(
                                        ("limit_currency__regex", "^[A-Z]{3}$"),
                                        ("max_gross_per_month__gte", 0),
                                    ),
                                    _connector="OR",
                                ),
                                name="id_token_money_limit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CompanyAccount",
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
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
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
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
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
            ]
        ),
        *sql.same_operators(KEYS),
        sql.no_overlap("customers_driveraccount", "owner_id", "customers_driver"),
        sql.no_overlap("customers_companyaccount", "owner_id", "customers_company"),
        *(search.searchable(*one) for one in SEARCHABLE),
    ]
