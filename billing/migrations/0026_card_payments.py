"""Card payments through a provider."""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.db import migrations, models

from billing.payments.cards.guards import cards_within
from billing.payments.guards import only_changes
from core.migrating import CreateModels
from core.tenancy import sql

KEYS = {
    "billing_provideraccount": {
        "seller_id": "billing_seller",
    },
    "billing_providercustomer": {
        "card_account_id": "billing_provideraccount",
        "account_id": "billing_billingaccount",
    },
    "billing_paymentmethod": {
        "customer_id": "billing_providercustomer",
    },
    "billing_cardsaving": {
        "customer_id": "billing_providercustomer",
        "method_id": "billing_paymentmethod",
    },
    "billing_cardpayment": {
        "card_account_id": "billing_provideraccount",
        "account_id": "billing_billingaccount",
        "customer_id": "billing_providercustomer",
        "method_id": "billing_paymentmethod",
        "payment_id": "billing_payment",
    },
    "billing_cardpaymentpart": {
        "card_payment_id": "billing_cardpayment",
        "invoice_id": "billing_invoice",
    },
    "billing_cardrefund": {
        "card_payment_id": "billing_cardpayment",
        "refund_id": "billing_refund",
    },
    "billing_carddispute": {
        "card_account_id": "billing_provideraccount",
        "card_payment_id": "billing_cardpayment",
        "reversal_id": "billing_payment",
    },
    "billing_providerevent": {
        "card_account_id": "billing_provideraccount",
    },
    "billing_cardpayout": {
        "card_account_id": "billing_provideraccount",
        "bank_transaction_id": "billing_banktransaction",
    },
    "billing_cardpayoutpart": {
        "payout_id": "billing_cardpayout",
        "card_payment_id": "billing_cardpayment",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0022_settlement"),
        ("core", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ProviderAccount",
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
                            "provider",
                            models.CharField(
                                default="stripe", max_length=20, verbose_name="provider"
                            ),
                        ),
                        ("secret_key_sealed", models.BinaryField()),
                        ("webhook_secret_sealed", models.BinaryField()),
                        ("key_hint", models.CharField(max_length=24, verbose_name="key")),
                        ("is_live", models.BooleanField(default=False, verbose_name="real money")),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "hold_amount",
                            models.DecimalField(
                                decimal_places=4,
                                default=500,
                                max_digits=16,
                                verbose_name="held for guests",
                            ),
                        ),
                        (
                            "refund_limit",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                max_digits=16,
                                null=True,
                                verbose_name="largest refund",
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
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "seller",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="card_account",
                                to="billing.seller",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "account for card payments",
                        "verbose_name_plural": "accounts for card payments",
                        "ordering": ["seller_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("hold_amount__gt", 0)),
                                name="card_account_hold_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("refund_limit__isnull", True),
                                    ("refund_limit__gte", 0),
                                    _connector="OR",
                                ),
                                name="card_account_refund_limit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CardPayout",
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
                            "ref",
                            models.CharField(max_length=100, verbose_name="id at the provider"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "On its way"),
                                    ("paid", "Sent to the bank"),
                                    ("failed", "Failed"),
                                ],
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        (
                            "gross",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="before fees"
                            ),
                        ),
                        (
                            "fee",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="fees"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("arrives_on", models.DateField(verbose_name="at the bank")),
                        (
                            "message",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="the provider's words"
                            ),
                        ),
                        (
                            "matched_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="seen at the bank"
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="read",
                            ),
                        ),
                        (
                            "bank_transaction",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="card_payout",
                                to="billing.banktransaction",
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
                            "card_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payouts",
                                to="billing.provideraccount",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "payout of a provider",
                        "verbose_name_plural": "payouts of providers",
                        "ordering": ["-arrives_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("card_account", "ref"), name="card_payout_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "amount",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("gross"), "-", models.F("fee")
                                        ),
                                    )
                                ),
                                name="card_payout_sum",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProviderCustomer",
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
                            "ref",
                            models.CharField(max_length=100, verbose_name="id at the provider"),
                        ),
                        (
                            "pays_automatically",
                            models.BooleanField(default=False, verbose_name="pays automatically"),
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
                                related_name="card_customers",
                                to="billing.billingaccount",
                            ),
                        ),
                        (
                            "card_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customers",
                                to="billing.provideraccount",
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
                        "verbose_name": "customer at a payment provider",
                        "verbose_name_plural": "customers at payment providers",
                        "ordering": ["id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("account", "card_account"), name="card_customer_once"
                            ),
                            models.UniqueConstraint(
                                fields=("card_account", "ref"), name="card_customer_ref"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentMethod",
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
                            "ref",
                            models.CharField(max_length=100, verbose_name="id at the provider"),
                        ),
                        (
                            "kind",
                            models.CharField(default="card", max_length=30, verbose_name="kind"),
                        ),
                        (
                            "brand",
                            models.CharField(blank=True, max_length=30, verbose_name="brand"),
                        ),
                        (
                            "last4",
                            models.CharField(blank=True, max_length=4, verbose_name="last digits"),
                        ),
                        (
                            "exp_month",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="expires (month)"
                            ),
                        ),
                        (
                            "exp_year",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="expires (year)"
                            ),
                        ),
                        ("is_default", models.BooleanField(default=False, verbose_name="default")),
                        (
                            "removed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="removed"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="saved",
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
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="methods",
                                to="billing.providercustomer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "payment method",
                        "verbose_name_plural": "payment methods",
                        "ordering": ["-is_default", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "ref"), name="payment_method_ref"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_default", True)),
                                fields=("customer",),
                                name="payment_method_one_default",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_default", False),
                                    ("removed_at__isnull", True),
                                    _connector="OR",
                                ),
                                name="payment_method_default_usable",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("exp_month__isnull", True),
                                    models.Q(("exp_month__gte", 1), ("exp_month__lte", 12)),
                                    _connector="OR",
                                ),
                                name="payment_method_month",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CardPayment",
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
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("invoices", "Invoices"),
                                    ("hold", "Hold for a guest"),
                                    ("prepaid", "Paid ahead by a guest"),
                                ],
                                max_length=8,
                                verbose_name="for",
                            ),
                        ),
                        (
                            "is_automatic",
                            models.BooleanField(default=False, verbose_name="automatic"),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("description", models.CharField(max_length=200, verbose_name="text")),
                        (
                            "reference",
                            models.CharField(blank=True, max_length=60, verbose_name="reference"),
                        ),
                        ("return_url", models.CharField(blank=True, max_length=500)),
                        ("cancel_url", models.CharField(blank=True, max_length=500)),
                        ("language", models.CharField(default="sv", max_length=10)),
                        ("email", models.CharField(blank=True, max_length=254)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "Being sent"),
                                    ("unknown", "Outcome not known yet"),
                                    ("waiting", "Waits for the customer"),
                                    ("processing", "On its way"),
                                    ("held", "Held"),
                                    ("capturing", "Being collected"),
                                    ("paid", "Paid"),
                                    ("failed", "Failed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="new",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "captured_amount",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="collected"
                            ),
                        ),
                        (
                            "wanted_amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                max_digits=16,
                                null=True,
                                verbose_name="to be collected",
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="id at the provider"
                            ),
                        ),
                        (
                            "page_ref",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="page at the provider"
                            ),
                        ),
                        ("charge_ref", models.CharField(blank=True, max_length=100)),
                        ("url", models.CharField(blank=True, max_length=1000)),
                        (
                            "card_label",
                            models.CharField(blank=True, max_length=60, verbose_name="card"),
                        ),
                        (
                            "failure_code",
                            models.CharField(blank=True, max_length=60, verbose_name="code"),
                        ),
                        (
                            "decline_code",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="the bank's code"
                            ),
                        ),
                        (
                            "failure_message",
                            models.CharField(
                                blank=True, max_length=500, verbose_name="the provider's words"
                            ),
                        ),
                        (
                            "capture_before_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="collect before"
                            ),
                        ),
                        (
                            "retry_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="tried again"),
                        ),
                        (
                            "checked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="asked last"),
                        ),
                        (
                            "next_check_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="asked next"),
                        ),
                        (
                            "settled_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="settled"),
                        ),
                        ("user_label", models.CharField(max_length=200, verbose_name="started by")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="started",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="card_payments",
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
                            "payment",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="card_payment",
                                to="billing.payment",
                            ),
                        ),
                        (
                            "method",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="card_payments",
                                to="billing.paymentmethod",
                            ),
                        ),
                        (
                            "card_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="card_payments",
                                to="billing.provideraccount",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.providercustomer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "card payment",
                        "verbose_name_plural": "card payments",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-created_at"], name="card_payment_day_idx"
                            ),
                            models.Index(fields=["page_ref"], name="card_payment_page_idx"),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="card_payment_check_idx",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="card_payment_amount"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                                name="card_payment_currency",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("captured_amount__gte", 0),
                                    ("captured_amount__lte", models.F("amount")),
                                ),
                                name="card_payment_captured",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("wanted_amount__isnull", True),
                                    models.Q(
                                        ("wanted_amount__gt", 0),
                                        ("wanted_amount__lte", models.F("amount")),
                                    ),
                                    _connector="OR",
                                ),
                                name="card_payment_wanted",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("captured_amount__gt", 0),
                                        ("payment__isnull", False),
                                        ("state", "paid"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "paid"), _negated=True),
                                        ("payment__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="card_payment_booked",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ref", ""), _negated=True),
                                fields=("card_account", "ref"),
                                name="card_payment_ref",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    models.Q(("reference", ""), _negated=True),
                                    (
                                        "state__in",
                                        (
                                            "new",
                                            "unknown",
                                            "waiting",
                                            "processing",
                                            "held",
                                            "capturing",
                                        ),
                                    ),
                                ),
                                fields=("operator", "reference"),
                                name="card_payment_one_hold",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CardDispute",
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
                            "ref",
                            models.CharField(max_length=100, verbose_name="id at the provider"),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "reason",
                            models.CharField(max_length=60, verbose_name="the bank's reason"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("needs_response", "Waits for our answer"),
                                    ("under_review", "At the bank"),
                                    ("won", "Won"),
                                    ("lost", "Lost"),
                                ],
                                max_length=16,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "respond_by_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="answer before"
                            ),
                        ),
                        ("opened_at", models.DateTimeField(verbose_name="opened")),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="closed"),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "reversal",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.payment",
                            ),
                        ),
                        (
                            "card_payment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="disputes",
                                to="billing.cardpayment",
                            ),
                        ),
                        (
                            "card_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="disputes",
                                to="billing.provideraccount",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "dispute",
                        "verbose_name_plural": "disputes",
                        "ordering": ["-opened_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("card_account", "ref"), name="card_dispute_ref"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CardSaving",
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
                            "page_ref",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="page at the provider"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("done", "Saved"),
                                    ("ended", "Not used"),
                                ],
                                default="open",
                                max_length=6,
                                verbose_name="state",
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
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "method",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.paymentmethod",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="savings",
                                to="billing.providercustomer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "saving of a card",
                        "verbose_name_plural": "savings of cards",
                        "ordering": ["-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [models.Index(fields=["page_ref"], name="card_saving_page_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="ProviderEvent",
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
                            "ref",
                            models.CharField(max_length=100, verbose_name="id at the provider"),
                        ),
                        ("kind", models.CharField(max_length=80, verbose_name="kind")),
                        ("about", models.CharField(max_length=10, verbose_name="about")),
                        (
                            "object_ref",
                            models.CharField(blank=True, max_length=120, verbose_name="object"),
                        ),
                        ("raw", models.TextField(verbose_name="as it came")),
                        ("made_at", models.DateTimeField(verbose_name="made")),
                        (
                            "received_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="received",
                            ),
                        ),
                        (
                            "times",
                            models.PositiveIntegerField(default=1, verbose_name="times received"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("applied", "Applied"),
                                    ("ignored", "Not about us"),
                                    ("failed", "Failed"),
                                ],
                                default="new",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "next_try_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="tried next"),
                        ),
                        (
                            "applied_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="applied"),
                        ),
                        (
                            "error",
                            models.CharField(blank=True, max_length=500, verbose_name="error"),
                        ),
                        (
                            "card_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="billing.provideraccount",
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
                        "verbose_name": "provider's event",
                        "verbose_name_plural": "provider's events",
                        "ordering": ["-received_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-received_at"], name="provider_event_day_idx"
                            ),
                            models.Index(
                                condition=models.Q(("next_try_at__isnull", False)),
                                fields=["next_try_at"],
                                name="provider_event_due_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("card_account", "ref"), name="provider_event_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CardPaymentPart",
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
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        ("is_live", models.BooleanField(default=True)),
                        (
                            "card_payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="billing.cardpayment",
                            ),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="card_parts",
                                to="billing.invoice",
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
                        "verbose_name": "part of a card payment",
                        "verbose_name_plural": "parts of card payments",
                        "ordering": ["id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="card_part_amount"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_live", True)),
                                fields=("invoice",),
                                name="card_part_one_live",
                            ),
                            models.UniqueConstraint(
                                fields=("card_payment", "invoice"), name="card_part_invoice_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CardPayoutPart",
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
                            "ref",
                            models.CharField(max_length=100, verbose_name="id at the provider"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("payment", "Payment"),
                                    ("refund", "Refund"),
                                    ("dispute", "Dispute"),
                                    ("fee", "Fee"),
                                    ("other", "Other"),
                                ],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        (
                            "fee",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="fee"
                            ),
                        ),
                        (
                            "net",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="net"
                            ),
                        ),
                        (
                            "card_payment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payout_parts",
                                to="billing.cardpayment",
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
                            "payout",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="billing.cardpayout",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "part of a payout",
                        "verbose_name_plural": "parts of payouts",
                        "ordering": ["id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("payout", "ref"), name="card_payout_part_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "net",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("amount"), "-", models.F("fee")
                                        ),
                                    )
                                ),
                                name="card_payout_part_sum",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CardRefund",
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
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "Being sent"),
                                    ("unknown", "Outcome not known yet"),
                                    ("processing", "On its way"),
                                    ("done", "Given back"),
                                    ("failed", "Failed"),
                                ],
                                default="new",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="id at the provider"
                            ),
                        ),
                        (
                            "message",
                            models.CharField(
                                blank=True, max_length=500, verbose_name="the provider's words"
                            ),
                        ),
                        (
                            "next_check_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="asked next"),
                        ),
                        (
                            "settled_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="settled"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="started",
                            ),
                        ),
                        (
                            "card_payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="card_refunds",
                                to="billing.cardpayment",
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
                            "refund",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="card_refund",
                                to="billing.refund",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "refund to a card",
                        "verbose_name_plural": "refunds to cards",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="card_refund_check_idx",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="card_refund_amount"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ref", ""), _negated=True),
                                fields=("card_payment", "ref"),
                                name="card_refund_ref",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        only_changes(
            "billing_cardpayment",
            (
                "state",
                "captured_amount",
                "wanted_amount",
                "ref",
                "page_ref",
                "charge_ref",
                "url",
                "card_label",
                "failure_code",
                "decline_code",
                "failure_message",
                "capture_before_at",
                "retry_at",
                "checked_at",
                "next_check_at",
                "settled_at",
                "payment_id",
            ),
        ),
        only_changes(
            "billing_cardpaymentpart",
            ("is_live",),
        ),
        only_changes(
            "billing_cardrefund",
            (
                "state",
                "ref",
                "message",
                "next_check_at",
                "settled_at",
            ),
        ),
        only_changes(
            "billing_carddispute",
            (
                "state",
                "respond_by_at",
                "closed_at",
                "reversal_id",
                "note",
                "card_payment_id",
            ),
        ),
        only_changes(
            "billing_providerevent",
            (
                "times",
                "state",
                "attempts",
                "next_try_at",
                "applied_at",
                "error",
            ),
        ),
        only_changes(
            "billing_cardpayout",
            (
                "state",
                "message",
                "bank_transaction_id",
                "matched_at",
                "arrives_on",
            ),
        ),
        sql.append_only("billing_cardpayoutpart"),
        cards_within(),
    ]
