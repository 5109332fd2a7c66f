"""Billing accounts, price groups and dated fees."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

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


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_spot_prices")]

    operations = [
        migrations.CreateModel(
            name="BillingAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    models.CharField(blank=True, max_length=32, verbose_name="organisation number"),
                ),
                (
                    "vat_number",
                    models.CharField(blank=True, max_length=32, verbose_name="VAT number"),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
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
                    models.CharField(default="SE", max_length=2, verbose_name="country code"),
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
                    models.JSONField(blank=True, default=list, verbose_name="invoice e-mails"),
                ),
                (
                    "peppol_address",
                    models.CharField(blank=True, max_length=60, verbose_name="Peppol address"),
                ),
                (
                    "buyer_reference",
                    models.CharField(blank=True, max_length=100, verbose_name="buyer reference"),
                ),
                (
                    "order_number",
                    models.CharField(blank=True, max_length=100, verbose_name="order number"),
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
                ("status_reason", models.CharField(blank=True, max_length=500, verbose_name="why")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
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
                "verbose_name": "billing account",
                "verbose_name_plural": "billing accounts",
                "ordering": ["name", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["operator", "name"], name="billing_account_name_idx"),
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("name", models.CharField(max_length=120, verbose_name="text on the invoice")),
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
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="amount"),
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
                    models.CharField(blank=True, max_length=10, verbose_name="revenue account"),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "subject_kind",
                    models.CharField(
                        blank=True,
                        choices=[("token", "Id token"), ("driver", "Driver"), ("bay", "Bay")],
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
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
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
            ],
            options={
                "verbose_name": "fee",
                "verbose_name_plural": "fees",
                "ordering": ["-starts_on", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["operator", "subject_kind", "subject_ref"], name="fee_subject_idx"
                    ),
                    models.Index(fields=["operator", "starts_on"], name="fee_starts_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="fee_amount"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tax_percent__gte", 0), ("tax_percent__lt", 100)),
                        name="fee_tax_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="fee_currency"
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
                            ("recurrence", "monthly"), ("ends_on__isnull", True), _connector="OR"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    models.BooleanField(default=True, verbose_name="prices shown including VAT"),
                ),
                (
                    "description",
                    models.CharField(blank=True, max_length=300, verbose_name="description"),
                ),
                ("retired_on", models.DateField(blank=True, null=True, verbose_name="retired")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
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
                            ("audience", "company"), ("shows_tax_included", True), _connector="OR"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("address", models.CharField(blank=True, max_length=400, verbose_name="address")),
                (
                    "reference",
                    models.CharField(blank=True, max_length=80, verbose_name="reference"),
                ),
                ("error", models.CharField(blank=True, max_length=200, verbose_name="error")),
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
        sql.same_operator("billing_pricegroupmembership", "account_id", "billing_billingaccount"),
        sql.same_operator("billing_pricegroupmembership", "price_group_id", "billing_pricegroup"),
        sql.same_operator("billing_fee", "account_id", "billing_billingaccount"),
        sql.no_overlap("billing_pricegroupmembership", "account_id", "billing_billingaccount"),
        search.searchable(*SEARCHABLE),
    ]
