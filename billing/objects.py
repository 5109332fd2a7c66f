"""What history and notes can hang on in billing."""

from __future__ import annotations

import re

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.accounts.fee_models import Fee
from billing.accounts.models import BillingAccount, PriceGroup
from billing.energy.models import EnergyCost
from billing.invoices.models import Invoice
from billing.invoices.run_models import BillingRun, ManualItem
from billing.payments.bank_models import BankTransaction
from billing.payments.models import Payment, Refund
from billing.sellers.models import Seller
from billing.settlement.models import Statement
from billing.settlement.payout_models import PayoutBatch
from billing.tariffs.models import Tariff
from core.accounts.permissions import Permission
from core.objects.kinds import ObjectKind


def kinds() -> list[ObjectKind]:
    """The kinds of this app."""
    return [
        _kind(Tariff, _("Tariff"), Permission.TARIFF_VIEW, has_notes=True),
        _kind(BillingAccount, _("Billing account"), Permission.ACCOUNT_VIEW, has_notes=True),
        _kind(PriceGroup, _("Price group"), Permission.ACCOUNT_VIEW),
        _kind(Fee, _("Fee"), Permission.ACCOUNT_VIEW),
        _kind(Seller, _("Seller"), Permission.ACCOUNT_VIEW),
        _kind(EnergyCost, _("Energy cost"), Permission.ENERGY_VIEW, has_notes=True, has_files=True),
        _kind(Statement, _("Statement"), Permission.SETTLEMENT_VIEW, has_notes=True),
        _kind(PayoutBatch, _("Payout batch"), Permission.SETTLEMENT_VIEW),
        _kind(Invoice, _("Invoice"), Permission.INVOICE_VIEW, has_notes=True),
        _kind(BillingRun, _("Billing run"), Permission.INVOICE_VIEW),
        _kind(ManualItem, _("Manual item"), Permission.INVOICE_VIEW),
        _kind(Payment, _("Payment"), Permission.PAYMENT_VIEW),
        _kind(Refund, _("Refund"), Permission.PAYMENT_VIEW),
        _kind(BankTransaction, _("Bank transaction"), Permission.PAYMENT_VIEW),
    ]


def _kind(
    model: type[Model],
    label: Promise,
    view: str,
    *,
    has_notes: bool = False,
    has_files: bool = False,
) -> ObjectKind:
    """Named after its table, as its page is: ``price_group`` with ``price_group_detail``."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
    return ObjectKind(
        name=name,
        label=label,
        model=model,
        page=f"{name}_detail",
        view=view,
        has_notes=has_notes,
        has_files=has_files,
    )
