"""Accounts, which tariff holds for whom and where, notices of new prices."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.migrating import CreateModels
from core.search import sql as search
from core.tenancy import sql

SEARCHABLE = (
    "billing_billingaccount",
    "billing_account",
    (
        "{}name",
        "{}public_id",
        "{}organisation_number",
        "{}vat_number",
        "{}emails::text",
        "{}buyer_reference",
        "{}order_number",
    ),
)

NO_OVERLAP = """
CREATE FUNCTION billing_tariffassignment_no_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM core_operator WHERE id = NEW.operator_id FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT 1 FROM billing_tariffassignment t
    WHERE t.operator_id = NEW.operator_id AND t.id IS DISTINCT FROM NEW.id
      AND t.site_id IS NOT DISTINCT FROM NEW.site_id
      AND t.station_id IS NOT DISTINCT FROM NEW.station_id
      AND t.evse_id IS NOT DISTINCT FROM NEW.evse_id
      AND t.price_group_id IS NOT DISTINCT FROM NEW.price_group_id
      AND t.connector_type = NEW.connector_type
      AND t.valid_from_at < coalesce(NEW.valid_to_at, 'infinity')
      AND NEW.valid_from_at < coalesce(t.valid_to_at, 'infinity')
  ) THEN
    RAISE EXCEPTION 'tariff assignments of the same place, connector and group overlap'
      USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'tariff_assignment_overlap';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_tariffassignment_no_overlap BEFORE INSERT OR UPDATE
  ON billing_tariffassignment
  FOR EACH ROW EXECUTE FUNCTION billing_tariffassignment_no_overlap();
"""

OVERLAP = (
    "DROP TRIGGER billing_tariffassignment_no_overlap ON billing_tariffassignment;"
    "DROP FUNCTION billing_tariffassignment_no_overlap();"
)

PROOF = """
CREATE TRIGGER billing_noticedelivery_sent BEFORE UPDATE ON billing_noticedelivery
  FOR EACH ROW WHEN (OLD.state = 'sent') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER billing_noticedelivery_kept BEFORE DELETE ON billing_noticedelivery
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

NO_PROOF = (
    "DROP TRIGGER billing_noticedelivery_sent ON billing_noticedelivery;"
    "DROP TRIGGER billing_noticedelivery_kept ON billing_noticedelivery;"
)

KEYS = {
    "billing_pricegroupmembership": {
        "account_id": "billing_billingaccount",
        "price_group_id": "billing_pricegroup",
    },
    "billing_fee": {
        "account_id": "billing_billingaccount",
    },
    "billing_tariffassignment": {
        "tariff_id": "billing_tariff",
        "site_id": "stations_site",
        "station_id": "stations_station",
        "evse_id": "stations_evse",
        "price_group_id": "billing_pricegroup",
    },
    "billing_pricenotice": {
        "tariff_id": "billing_tariff",
        "version_id": "billing_tariffversion",
        "takes_back_id": "billing_pricenotice",
    },
    "billing_noticedelivery": {
        "notice_id": "billing_pricenotice",
        "account_id": "billing_billingaccount",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0001_tariffs"),
        ("core", "0001_initial"),
        ("stations", "0002_journals"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="BillingAccount",
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
                        (
                            "kind",
                            models.CharField(
                                choices=[("person", "Person"), ("company", "Company")],
                                default="person",
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
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
                            "address",
                            models.CharField(blank=True, max_length=200, verbose_name="address"),
                        ),
                        (
                            "address_extra",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="second address line"
                            ),
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
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("sv", "Swedish")],
                                default="sv",
                                max_length=10,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(default="SEK", max_length=3, verbose_name="currency"),
                        ),
                        (
                            "payment_terms_days",
                            models.PositiveSmallIntegerField(
                                default=30, verbose_name="payment terms (days)"
                            ),
                        ),
                        (
                            "emails",
                            models.JSONField(
                                blank=True, default=list, verbose_name="invoice e-mails"
                            ),
                        ),
                        (
                            "peppol_address",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="Peppol address"
                            ),
                        ),
                        (
                            "buyer_reference",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="buyer reference"
                            ),
                        ),
                        (
                            "order_number",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="order number"
                            ),
                        ),
                        (
                            "credit_limit_amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=12,
                                null=True,
                                verbose_name="credit limit",
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
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "invoice_grouping",
                            models.CharField(
                                choices=[
                                    ("session", "A line a session"),
                                    ("driver", "By driver"),
                                    ("cost_centre", "By cost centre"),
                                    ("vehicle", "By vehicle"),
                                    ("site", "By site"),
                                    ("summary", "Sums alone, with a specification"),
                                ],
                                default="session",
                                max_length=12,
                                verbose_name="lines of invoices",
                            ),
                        ),
                        (
                            "invoice_rhythm",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("monthly", "Every month"),
                                    ("quarterly", "Every quarter"),
                                    ("per_session", "After each session"),
                                    ("by_hand", "By hand alone"),
                                ],
                                default="",
                                help_text="Empty: as the seller invoices.",
                                max_length=12,
                                verbose_name="invoiced",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "billing account",
                        "verbose_name_plural": "billing accounts",
                        "ordering": ["name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "name"], name="billing_account_name_idx"
                            ),
                            models.Index(
                                fields=["operator", "organisation_number"],
                                name="billing_account_number_idx",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("payment_terms_days__lte", 365)),
                                name="billing_account_terms",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("credit_limit_amount__isnull", True),
                                    ("credit_limit_amount__gte", 0),
                                    _connector="OR",
                                ),
                                name="billing_account_credit_limit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                                name="billing_account_currency",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status", "active"),
                                    models.Q(("status_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="billing_account_block_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Fee",
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
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("network_access", "Network access"),
                                    ("subscription", "Subscription"),
                                    ("bay", "Bay"),
                                    ("card", "Card"),
                                    ("activation", "Activation"),
                                    ("administration", "Administration"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(max_length=120, verbose_name="text on the invoice"),
                        ),
                        (
                            "recurrence",
                            models.CharField(
                                choices=[("monthly", "Every month"), ("once", "Once")],
                                default="monthly",
                                max_length=10,
                                verbose_name="recurrence",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=12, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "is_tax_included",
                            models.BooleanField(default=True, verbose_name="amount includes VAT"),
                        ),
                        (
                            "tax_percent",
                            models.DecimalField(
                                decimal_places=2, default=25, max_digits=5, verbose_name="VAT (%)"
                            ),
                        ),
                        (
                            "revenue_account",
                            models.CharField(
                                blank=True, max_length=10, verbose_name="revenue account"
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="first day")),
                        (
                            "ends_on",
                            models.DateField(blank=True, null=True, verbose_name="last day"),
                        ),
                        (
                            "subject_kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("token", "Id token"),
                                    ("driver", "Driver"),
                                    ("bay", "Bay"),
                                ],
                                max_length=10,
                                verbose_name="for",
                            ),
                        ),
                        (
                            "subject_ref",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="id of what it is for"
                            ),
                        ),
                        (
                            "subject_label",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="name of what it is for"
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
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
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fees",
                                to="billing.billingaccount",
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
                            "seller_ref",
                            models.CharField(blank=True, max_length=24, verbose_name="seller"),
                        ),
                    ],
                    options={
                        "verbose_name": "fee",
                        "verbose_name_plural": "fees",
                        "ordering": ["-starts_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "subject_kind", "subject_ref"],
                                name="fee_subject_idx",
                            ),
                            models.Index(fields=["operator", "starts_on"], name="fee_starts_idx"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0)), name="fee_amount"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("tax_percent__gte", 0), ("tax_percent__lt", 100)
                                ),
                                name="fee_tax_percent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                                name="fee_currency",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="fee_days_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("recurrence", "monthly"),
                                    ("ends_on__isnull", True),
                                    _connector="OR",
                                ),
                                name="fee_once_has_no_end",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("subject_kind", ""), ("subject_ref", "")),
                                    models.Q(
                                        models.Q(("subject_kind", ""), _negated=True),
                                        models.Q(("subject_ref", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="fee_subject_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PriceGroup",
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
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "audience",
                            models.CharField(
                                choices=[("consumer", "Consumers"), ("company", "Companies")],
                                default="consumer",
                                max_length=10,
                                verbose_name="for",
                            ),
                        ),
                        (
                            "shows_tax_included",
                            models.BooleanField(
                                default=True, verbose_name="prices shown including VAT"
                            ),
                        ),
                        (
                            "description",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="description"
                            ),
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
                        "verbose_name": "price group",
                        "verbose_name_plural": "price groups",
                        "ordering": ["name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "name"), name="price_group_name_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("audience", "company"),
                                    ("shows_tax_included", True),
                                    _connector="OR",
                                ),
                                name="price_group_consumer_tax",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PriceGroupMembership",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="billing.billingaccount",
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
                            "price_group",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="billing.pricegroup",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "membership of a price group",
                        "verbose_name_plural": "memberships of price groups",
                        "ordering": ["account_id", "valid_from_on", "id"],
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
                                name="price_group_membership_order",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VatCheck",
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
                        ("vat_number", models.CharField(max_length=32, verbose_name="VAT number")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("valid", "Valid"),
                                    ("invalid", "Not valid"),
                                    ("unavailable", "No answer"),
                                ],
                                max_length=12,
                                verbose_name="outcome",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                        (
                            "address",
                            models.CharField(blank=True, max_length=400, verbose_name="address"),
                        ),
                        (
                            "reference",
                            models.CharField(blank=True, max_length=80, verbose_name="reference"),
                        ),
                        (
                            "error",
                            models.CharField(blank=True, max_length=200, verbose_name="error"),
                        ),
                        ("checked_at", models.DateTimeField(verbose_name="checked")),
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
                        "verbose_name": "check of a VAT number",
                        "verbose_name_plural": "checks of VAT numbers",
                        "ordering": ["vat_number", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "vat_number"), name="vat_check_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TariffAssignment",
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
                        (
                            "connector_type",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("IEC_62196_T2", "Type 2"),
                                    ("IEC_62196_T2_COMBO", "CCS2"),
                                    ("CHADEMO", "CHAdeMO"),
                                    ("IEC_62196_T1", "Type 1"),
                                    ("DOMESTIC_F", "Domestic (Schuko)"),
                                    ("UNKNOWN", "Unknown"),
                                ],
                                default="",
                                max_length=24,
                                verbose_name="connector type",
                            ),
                        ),
                        ("valid_from_at", models.DateTimeField(verbose_name="valid from")),
                        (
                            "valid_to_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="valid to"),
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
                            "evse",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.evse",
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
                            "price_group",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.pricegroup",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.site",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.station",
                            ),
                        ),
                        (
                            "tariff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="billing.tariff",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tariff assignment",
                        "verbose_name_plural": "tariff assignments",
                        "ordering": ["-valid_from_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "valid_from_at"],
                                name="tariff_assignment_from_idx",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("site", None), ("station", None)),
                                    models.Q(("evse", None), ("site", None)),
                                    models.Q(("evse", None), ("station", None)),
                                    _connector="OR",
                                ),
                                name="tariff_assignment_one_place",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to_at", None),
                                    ("valid_to_at__gt", models.F("valid_from_at")),
                                    _connector="OR",
                                ),
                                name="tariff_assignment_period_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PriceNotice",
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
                        (
                            "assignments",
                            models.JSONField(blank=True, default=list, verbose_name="assignments"),
                        ),
                        ("takes_effect_at", models.DateTimeField(verbose_name="takes effect")),
                        (
                            "notice_days",
                            models.PositiveSmallIntegerField(verbose_name="days before"),
                        ),
                        ("send_at", models.DateTimeField(verbose_name="sent from")),
                        (
                            "is_short",
                            models.BooleanField(
                                default=False, verbose_name="shorter than the rule"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("scheduled", "Scheduled"),
                                    ("sending", "Being sent"),
                                    ("done", "Done"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="scheduled",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=500, verbose_name="why"),
                        ),
                        (
                            "created_by",
                            models.CharField(blank=True, max_length=200, verbose_name="by"),
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
                            "done_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="done"),
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
                            "tariff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="billing.tariff",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.tariffversion",
                            ),
                        ),
                        (
                            "takes_back",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="taken_back_by",
                                to="billing.pricenotice",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "price notice",
                        "verbose_name_plural": "price notices",
                        "ordering": ["-takes_effect_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["scheduled", "sending"])),
                                fields=["send_at"],
                                name="price_notice_due_idx",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_short", False),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="price_notice_short_has_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NoticeDelivery",
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
                        ("account_name", models.CharField(max_length=120, verbose_name="account")),
                        (
                            "address",
                            models.CharField(blank=True, max_length=254, verbose_name="address"),
                        ),
                        ("language", models.CharField(max_length=10, verbose_name="language")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Waits"),
                                    ("sent", "Sent"),
                                    ("failed", "Failed"),
                                    ("no_address", "No address"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="queued",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "sender",
                            models.CharField(blank=True, max_length=320, verbose_name="from"),
                        ),
                        (
                            "subject",
                            models.CharField(blank=True, max_length=250, verbose_name="subject"),
                        ),
                        ("body", models.TextField(blank=True, verbose_name="text")),
                        (
                            "message_id",
                            models.CharField(blank=True, max_length=200, verbose_name="message id"),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "error",
                            models.CharField(blank=True, max_length=500, verbose_name="error"),
                        ),
                        (
                            "next_try_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="next try"),
                        ),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="sent"),
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
                                related_name="+",
                                to="billing.billingaccount",
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
                            "notice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="billing.pricenotice",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "sent price notice",
                        "verbose_name_plural": "sent price notices",
                        "ordering": ["account_name", "address", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "queued")),
                                fields=["next_try_at"],
                                name="notice_delivery_due_idx",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("notice", "account", "address"), name="notice_delivery_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "sent"), _negated=True),
                                    models.Q(
                                        ("sent_at__isnull", False),
                                        models.Q(("body", ""), _negated=True),
                                        models.Q(("address", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="notice_delivery_proof",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "no_address"), _negated=True),
                                    ("address", ""),
                                    _connector="OR",
                                ),
                                name="notice_delivery_no_address",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NoticeRules",
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
                            "notice_days",
                            models.PositiveSmallIntegerField(
                                default=30,
                                help_text="Customers concerned are told so long before. 0: they are not told.",
                                validators=[django.core.validators.MaxValueValidator(365)],
                                verbose_name="days before a new price",
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
                    ],
                    options={
                        "verbose_name": "rules of price notices",
                        "verbose_name_plural": "rules of price notices",
                        "ordering": ["operator_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(fields=("operator",), name="notice_rules_once"),
                            models.CheckConstraint(
                                condition=models.Q(("notice_days__lte", 365)),
                                name="notice_rules_days",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        sql.no_overlap("billing_pricegroupmembership", "account_id", "billing_billingaccount"),
        migrations.RunSQL(NO_OVERLAP, OVERLAP),
        migrations.RunSQL(PROOF, NO_PROOF),
        search.searchable(*SEARCHABLE),
    ]
