"""What history and notes can hang on in billing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from billing.accounts.fee_models import Fee
from billing.accounts.models import BillingAccount, PriceGroup
from billing.invoices.models import Invoice
from billing.invoices.run_models import BillingRun, ManualItem
from billing.payments.bank_models import BankTransaction
from billing.payments.models import Payment, Refund
from billing.sellers.models import Seller
from billing.tariffs.models import Tariff
from core.accounts.permissions import Permission
from core.objects.kinds import ObjectKind


def kinds() -> list[ObjectKind]:
    """The kinds of this app."""
    return [
        ObjectKind(
            name="tariff",
            label=_("Tariff"),
            model=Tariff,
            page="tariff_detail",
            view=Permission.TARIFF_VIEW,
            has_notes=True,
        ),
        ObjectKind(
            name="billing_account",
            label=_("Billing account"),
            model=BillingAccount,
            page="billing_account_detail",
            view=Permission.ACCOUNT_VIEW,
            has_notes=True,
        ),
        ObjectKind(
            name="price_group",
            label=_("Price group"),
            model=PriceGroup,
            page="price_group_detail",
            view=Permission.ACCOUNT_VIEW,
        ),
        ObjectKind(
            name="fee",
            label=_("Fee"),
            model=Fee,
            page="fee_detail",
            view=Permission.ACCOUNT_VIEW,
        ),
        ObjectKind(
            name="seller",
            label=_("Seller"),
            model=Seller,
            page="seller_detail",
            view=Permission.ACCOUNT_VIEW,
        ),
        *_invoices(),
        *_payments(),
    ]


def _payments() -> list[ObjectKind]:
    return [
        ObjectKind(
            name="payment",
            label=_("Payment"),
            model=Payment,
            page="payment_detail",
            view=Permission.PAYMENT_VIEW,
        ),
        ObjectKind(
            name="refund",
            label=_("Refund"),
            model=Refund,
            page="refund_detail",
            view=Permission.PAYMENT_VIEW,
        ),
        ObjectKind(
            name="bank_transaction",
            label=_("Bank transaction"),
            model=BankTransaction,
            page="bank_transaction_detail",
            view=Permission.PAYMENT_VIEW,
        ),
    ]


def _invoices() -> list[ObjectKind]:
    return [
        ObjectKind(
            name="invoice",
            label=_("Invoice"),
            model=Invoice,
            page="invoice_detail",
            view=Permission.INVOICE_VIEW,
            has_notes=True,
        ),
        ObjectKind(
            name="billing_run",
            label=_("Billing run"),
            model=BillingRun,
            page="billing_run_detail",
            view=Permission.INVOICE_VIEW,
        ),
        ObjectKind(
            name="manual_item",
            label=_("Manual item"),
            model=ManualItem,
            page="manual_item_detail",
            view=Permission.INVOICE_VIEW,
        ),
    ]
