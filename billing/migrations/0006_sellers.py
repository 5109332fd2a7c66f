"""Sellers, their number series, contracts of sites."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.migrating import CreateModels
from core.tenancy import sql

GUARDS = """
CREATE FUNCTION billing_invoiceseries_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM billing_seriescounter WHERE series_id = OLD.id) THEN
    RAISE EXCEPTION 'a number series that has numbers keeps its code and pattern'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoice_series_in_use';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_invoiceseries_guard BEFORE UPDATE ON billing_invoiceseries FOR EACH ROW
  WHEN ((NEW.seller_id, NEW.purpose, NEW.code, NEW.pattern)
        IS DISTINCT FROM (OLD.seller_id, OLD.purpose, OLD.code, OLD.pattern))
  EXECUTE FUNCTION billing_invoiceseries_guard();
CREATE FUNCTION billing_seriescounter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.last_number >= OLD.last_number
     AND (NEW.series_id, NEW.year) IS NOT DISTINCT FROM (OLD.series_id, OLD.year) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND current_setting('portal.maintenance', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'numbers of invoices are never given out twice'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'series_counter_goes_up';
END $$;
CREATE TRIGGER billing_seriescounter_guard BEFORE UPDATE OR DELETE ON billing_seriescounter
  FOR EACH ROW EXECUTE FUNCTION billing_seriescounter_guard();
"""

NO_GUARDS = """
DROP TRIGGER billing_invoiceseries_guard ON billing_invoiceseries;
DROP FUNCTION billing_invoiceseries_guard();
DROP TRIGGER billing_seriescounter_guard ON billing_seriescounter;
DROP FUNCTION billing_seriescounter_guard();
"""

FEE_SELLER = migrations.RunSQL(
    """
CREATE FUNCTION billing_fee_seller_checked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seller_ref <> '' AND NOT EXISTS (
    SELECT FROM billing_seller s
    WHERE s.public_id = NEW.seller_ref AND s.operator_id = NEW.operator_id
  ) THEN
    RAISE EXCEPTION 'billing_fee.seller_ref names no seller of the operator'
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_fee_seller_checked BEFORE INSERT OR UPDATE OF seller_ref ON billing_fee
  FOR EACH ROW WHEN (NEW.seller_ref <> '') EXECUTE FUNCTION billing_fee_seller_checked();
""",
    "DROP TRIGGER billing_fee_seller_checked ON billing_fee;"
    "DROP FUNCTION billing_fee_seller_checked();",
)

KEYS = {
    "billing_invoiceseries": {
        "seller_id": "billing_seller",
    },
    "billing_seriescounter": {
        "series_id": "billing_invoiceseries",
    },
    "billing_sitecontract": {
        "site_id": "stations_site",
        "seller_id": "billing_seller",
        "host_id": "billing_seller",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0004_rated_sessions"),
        ("core", "0001_initial"),
        ("stations", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Seller",
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
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="legal name")),
                        ("is_host", models.BooleanField(default=False, verbose_name="site host")),
                        (
                            "organisation_number",
                            models.CharField(
                                blank=True, max_length=32, verbose_name="organisation number"
                            ),
                        ),
                        (
                            "vat_number",
                            models.CharField(blank=True, max_length=32, verbose_name="VAT number"),
                        ),
                        (
                            "is_vat_registered",
                            models.BooleanField(default=True, verbose_name="registered for VAT"),
                        ),
                        (
                            "has_f_tax",
                            models.BooleanField(default=True, verbose_name="approved for F-tax"),
                        ),
                        (
                            "registered_office",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="registered office"
                            ),
                        ),
                        (
                            "address",
                            models.CharField(blank=True, max_length=200, verbose_name="address"),
                        ),
                        (
                            "postal_code",
                            models.CharField(blank=True, max_length=16, verbose_name="postal code"),
                        ),
                        ("city", models.CharField(blank=True, max_length=100, verbose_name="town")),
                        (
                            "country_code",
                            models.CharField(
                                default="SE", max_length=2, verbose_name="country code"
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(blank=True, max_length=254, verbose_name="e-mail"),
                        ),
                        (
                            "phone",
                            models.CharField(blank=True, max_length=40, verbose_name="phone"),
                        ),
                        (
                            "website",
                            models.CharField(blank=True, max_length=200, verbose_name="website"),
                        ),
                        (
                            "bankgiro",
                            models.CharField(blank=True, max_length=16, verbose_name="bankgiro"),
                        ),
                        (
                            "plusgiro",
                            models.CharField(blank=True, max_length=16, verbose_name="plusgiro"),
                        ),
                        ("iban", models.CharField(blank=True, max_length=42, verbose_name="IBAN")),
                        ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
                        (
                            "swish",
                            models.CharField(
                                blank=True, max_length=16, verbose_name="Swish number"
                            ),
                        ),
                        (
                            "peppol_address",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="Peppol address"
                            ),
                        ),
                        (
                            "colour",
                            models.CharField(blank=True, max_length=7, verbose_name="colour"),
                        ),
                        ("logo_path", models.CharField(blank=True, editable=False, max_length=200)),
                        (
                            "terms_days",
                            models.PositiveSmallIntegerField(
                                default=30, verbose_name="payment terms (days)"
                            ),
                        ),
                        (
                            "late_interest_percent",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=5,
                                null=True,
                                verbose_name="late interest above the reference rate (%)",
                            ),
                        ),
                        (
                            "fee_by_terms",
                            models.BooleanField(
                                default=False, verbose_name="terms allow a reminder fee"
                            ),
                        ),
                        (
                            "is_default",
                            models.BooleanField(default=False, verbose_name="default seller"),
                        ),
                        (
                            "retired_on",
                            models.DateField(blank=True, null=True, verbose_name="retired"),
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
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "seller",
                        "verbose_name_plural": "sellers",
                        "ordering": ["name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_default", True)),
                                fields=("operator",),
                                name="seller_default_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_default", False),
                                    models.Q(("is_host", False), ("retired_on__isnull", True)),
                                    _connector="OR",
                                ),
                                name="seller_default_is_own",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="seller_name"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("terms_days__lte", 365)), name="seller_terms"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("late_interest_percent__isnull", True),
                                    models.Q(
                                        ("late_interest_percent__gte", 0),
                                        ("late_interest_percent__lte", 100),
                                    ),
                                    _connector="OR",
                                ),
                                name="seller_late_interest",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("colour", ""),
                                    ("colour__regex", "^#[0-9a-f]{6}$"),
                                    _connector="OR",
                                ),
                                name="seller_colour",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("country_code__regex", "^[A-Z]{2}$")),
                                name="seller_country",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvoiceSeries",
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
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("invoice", "Invoices"),
                                    ("credit_note", "Credit notes"),
                                    ("self_billing", "Self-billing"),
                                ],
                                max_length=12,
                                verbose_name="for",
                            ),
                        ),
                        ("code", models.CharField(blank=True, max_length=8, verbose_name="series")),
                        ("pattern", models.CharField(max_length=60, verbose_name="number pattern")),
                        ("shape", models.CharField(editable=False, max_length=80)),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
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
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="series",
                                to="billing.seller",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "number series",
                        "verbose_name_plural": "number series",
                        "ordering": ["seller_id", "purpose", "-is_active", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True)),
                                fields=("seller", "purpose"),
                                name="invoice_series_active_once",
                            ),
                            models.UniqueConstraint(
                                fields=("seller", "shape"), name="invoice_series_shape_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SeriesCounter",
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
                            "year",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="year"
                            ),
                        ),
                        (
                            "last_number",
                            models.PositiveIntegerField(default=0, verbose_name="last number"),
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
                            "series",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="counters",
                                to="billing.invoiceseries",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "number counter",
                        "verbose_name_plural": "number counters",
                        "ordering": ["series_id", "year"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("series", "year"),
                                name="series_counter_once",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SiteContract",
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
                            "form",
                            models.CharField(
                                choices=[
                                    ("operator_sells", "The operator sells"),
                                    ("host_sells", "The host sells, invoiced on its behalf"),
                                    ("not_invoiced", "Nobody invoices here"),
                                ],
                                max_length=16,
                                verbose_name="form",
                            ),
                        ),
                        (
                            "host_is_vat_registered",
                            models.BooleanField(
                                default=False, verbose_name="host registered for VAT"
                            ),
                        ),
                        (
                            "self_billing_agreed_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="self-billing agreed"
                            ),
                        ),
                        (
                            "minimum_payout_amount",
                            models.DecimalField(
                                decimal_places=2,
                                default=500,
                                max_digits=12,
                                verbose_name="least payout",
                            ),
                        ),
                        (
                            "basis_email",
                            models.EmailField(
                                blank=True, max_length=254, verbose_name="property manager's e-mail"
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        (
                            "host",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hosted_contracts",
                                to="billing.seller",
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
                            "seller",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="site_contracts",
                                to="billing.seller",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="site_contracts",
                                to="stations.site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "site contract",
                        "verbose_name_plural": "site contracts",
                        "ordering": ["site_id", "valid_from_on", "id"],
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
                                name="site_contract_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("form", "operator_sells"), ("seller__isnull", False)),
                                    models.Q(
                                        ("form", "host_sells"),
                                        ("host__isnull", False),
                                        ("seller", models.F("host")),
                                        ("seller__isnull", False),
                                    ),
                                    models.Q(("form", "not_invoiced"), ("seller__isnull", True)),
                                    _connector="OR",
                                ),
                                name="site_contract_seller",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("host__isnull", False),
                                    models.Q(
                                        ("host_is_vat_registered", False),
                                        ("self_billing_agreed_on__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="site_contract_host",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("minimum_payout_amount__gte", 0)),
                                name="site_contract_payout",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        sql.no_overlap("billing_sitecontract", "site_id", "stations_site"),
        migrations.RunSQL(GUARDS, NO_GUARDS),
        FEE_SELLER,
    ]
