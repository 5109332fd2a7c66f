"""Paying invoices by card: now, on a page or by a saved card. What is paid is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.payments.cards.account_models import CardSaving, PaymentMethod, ProviderAccount
from billing.payments.cards.accounts import account_of_seller, provider_of
from billing.payments.cards.asking import refresh
from billing.payments.cards.methods import customer_for, finish_adding
from billing.payments.cards.models import CardPayment, CardPaymentPart, Purpose
from billing.payments.cards.sending import free_invoices, send, write_down
from core.errors import RuleViolation

MOST_INVOICES: Final = 100


def payable(account: BillingAccount) -> QuerySet[Invoice]:
    """The account's invoices that can be paid by card now: open, not disputed, none under way
    but those that wait on a page."""
    moving = CardPaymentPart.objects.filter(invoice=OuterRef("pk"), is_live=True).exclude(
        card_payment__state="waiting"
    )
    taken = ProviderAccount.objects.filter(
        seller=OuterRef("seller"), is_active=True, is_terminal=False
    )
    rows: QuerySet[Invoice] = Invoice.objects.filter(
        ~Exists(moving), Exists(taken),
        account=account, kind=InvoiceKind.INVOICE, open_amount__gt=0, is_disputed=False,
    ).exclude(state=InvoiceState.DRAFT)  # fmt: skip
    return rows.order_by("due_on", "issued_on", "number")


def pay_now(
    *,
    account: BillingAccount,
    invoices: Sequence[Invoice],
    return_url: str,
    cancel_url: str,
    method: PaymentMethod | None = None,
) -> CardPayment:
    """Pay what is open of invoices: on a page of the provider's (``url``), or by a saved card,
    whose bank may send the person to a page too.

    An earlier attempt that waits on a page is called off first; one on its way is in the way.
    Calls the provider.
    """
    fresh = _checked(account, invoices, method)
    if waiting := _waiting(fresh):
        free_invoices(waiting)
        # Somebody may have paid on a page before it was closed.
        fresh = _checked(account, invoices, method)
    card_account = account_of_seller(fresh[0].seller_id)
    if card_account is None:
        raise RuleViolation("no_provider", _("Cards are not taken here."))
    if method is not None and method.customer.card_account_id != card_account.pk:
        raise RuleViolation("other_seller", _("This card was saved for another seller."))
    amount = sum((one.open_amount for one in fresh), Decimal(0))
    check_amount(card_account, amount, fresh[0].currency)
    row = write_down(
        parts=[(one, one.open_amount) for one in fresh],
        operator_id=account.operator_id, card_account=card_account, account=account,
        customer=customer_for(account, card_account), method=method, purpose=Purpose.INVOICES,
        amount=amount, currency=fresh[0].currency,
        description=words_for(fresh, account.language), return_url=return_url,
        cancel_url=cancel_url, language=account.language,
    )  # fmt: skip
    return send(row)


def _checked(
    account: BillingAccount, invoices: Sequence[Invoice], method: PaymentMethod | None
) -> list[Invoice]:
    """The invoices as they are now."""
    ids = {one.pk for one in invoices}
    rows = Invoice.objects.filter(pk__in=ids, kind=InvoiceKind.INVOICE)
    fresh = list(rows.exclude(state=InvoiceState.DRAFT).order_by("due_on", "pk"))
    if not fresh or len(fresh) != len(ids) or len(fresh) > MOST_INVOICES:
        raise RuleViolation("no_invoice", _("Choose invoices to pay."))
    if any(one.account_id != account.pk for one in fresh):
        raise RuleViolation("other_account", _("The invoice is another customer's."))
    if any(one.open_amount <= 0 for one in fresh):
        raise RuleViolation("invoice_paid", _("Nothing is open of it any more."))
    if any(one.is_disputed for one in fresh):
        raise RuleViolation("invoice_disputed", _("A disputed invoice waits for its answer."))
    if len({one.seller_id for one in fresh}) > 1:
        raise RuleViolation("several_sellers", _("Pay the invoices of each seller by themselves."))
    if len({one.currency for one in fresh}) > 1:
        raise RuleViolation("several_currencies", _("Pay each currency by itself."))
    if method is not None and (
        method.removed_at is not None or method.customer.account_id != account.pk
    ):
        raise RuleViolation("no_method", _("Save a card first."))
    return fresh


def check_amount(card_account: ProviderAccount, amount: Decimal, currency: str) -> None:
    """Refuse what a provider does not collect: a currency, or too little."""
    least = provider_of(card_account).least(currency)
    if least is None:
        raise RuleViolation("currency", _("Cards are not taken in %(currency)s.") % {
            "currency": currency})  # fmt: skip
    if amount < least:
        raise RuleViolation(
            "too_little",
            _("Amounts below %(least)s %(currency)s are not taken by card.")
            % {"least": least, "currency": currency},
        )


def words_for(invoices: Sequence[Invoice], language: str) -> str:
    """What stands on the page and on the receipt of the provider."""
    with override(language):
        if len(invoices) == 1:
            return _("Invoice %(number)s") % {"number": invoices[0].number}
        numbers = ", ".join(one.number for one in invoices)
        return (_("Invoices %(numbers)s") % {"numbers": numbers})[:200]


def _waiting(invoices: Sequence[Invoice]) -> list[CardPayment]:
    rows = CardPayment.objects.filter(parts__invoice__in=invoices, parts__is_live=True)
    return list(rows.select_related("card_account").distinct())


def returned(*, account: BillingAccount, public_id: str) -> CardPayment | PaymentMethod | None:
    """What an address that a person came back to names, up to date; None where it is not this
    account's. Calls the provider; safe against the webhook that comes at the same time."""
    saving = (
        CardSaving.objects.select_related("customer__card_account", "method")
        .filter(public_id=public_id, customer__account=account)
        .first()
    )
    if saving is not None:
        return finish_adding(saving)
    row = payments_of(account).filter(public_id=public_id).first()
    return refresh(payment=row) if row is not None else None


def payments_of(account: BillingAccount) -> QuerySet[CardPayment]:
    """The account's payments by card with what they pay, the newest first."""
    rows: QuerySet[CardPayment] = CardPayment.objects.filter(account=account)
    return (
        rows.select_related("card_account", "method", "customer", "payment")
        .prefetch_related("parts__invoice")
        .order_by("-created_at", "-pk")
    )
