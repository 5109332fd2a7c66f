"""What a customer can pay by card now, account by account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.payments.cards import methods, paying
from billing.payments.cards.account_models import PaymentMethod
from billing.payments.cards.models import CardPayment
from customers.selfservice.customer import Customer
from customers.selfservice.mine import invoices_of

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Payable:
    """Invoices of one account, seller and currency: they can be paid together."""

    account: BillingAccount
    currency: str
    invoices: Sequence[Invoice]
    methods: Sequence[PaymentMethod]
    is_test: bool

    @property
    def amount(self) -> Decimal:
        """What is open of them all."""
        return sum((one.open_amount for one in self.invoices), NOTHING)


def payables_of(
    customer: Customer, accounts: Iterable[BillingAccount], invoice: str = ""
) -> list[Payable]:
    """What can be paid together, of the documents that the customer may see; of one invoice alone
    where its public id is given."""
    found: list[Payable] = []
    own = invoices_of(customer).order_by().values("pk")
    for account in accounts:
        groups: dict[tuple[int, str], list[Invoice]] = defaultdict(list)
        for one in paying.payable(account).filter(pk__in=own):
            if not invoice or one.public_id == invoice:
                groups[one.seller_id, one.currency].append(one)
        saved = list(methods.methods_of(account)) if groups else []
        is_test = bool(groups) and methods.is_test(account)
        found += [
            Payable(account, currency, rows, saved, is_test)
            for (_seller, currency), rows in groups.items()
        ]
    return found


def pay_url(slug: str, invoice: Invoice) -> str:
    """The page that pays an invoice by card; empty where it cannot be."""
    if invoice.account is None:
        return ""
    if not paying.payable(invoice.account).filter(pk=invoice.pk).exists():
        return ""
    return f"{reverse('my_pay', args=[slug])}?invoice={invoice.public_id}"


def card_troubles(accounts: Iterable[BillingAccount], today: date) -> list[str]:
    """Cards that expire and payments that failed, in words."""
    keys = [one.pk for one in accounts]
    if not keys:
        return []
    cards = PaymentMethod.objects.filter(
        customer__account__in=keys, removed_at=None, customer__card_account__is_active=True
    )
    found = [
        _("The saved card %(card)s has expired.") % {"card": card.label}
        if card.is_expired(today)
        else _("The saved card %(card)s expires soon.") % {"card": card.label}
        for card in cards
        if card.is_expired(today) or card.is_expiring(today)
    ]
    failed = CardPayment.objects.filter(
        account__in=keys, state="failed", parts__invoice__open_amount__gt=0
    ).order_by("-pk")
    last = failed.first()
    if last is not None and not _tried_since(last):
        words = {"why": last.failure_message}
        found.append(_("A payment by card failed. %(why)s") % words)
    return found


def _tried_since(failed: CardPayment) -> bool:
    """Whether a later payment of the same account went well or is under way."""
    return (
        CardPayment.objects.filter(account=failed.account_id, pk__gt=failed.pk)
        .exclude(state__in=("failed", "cancelled"))
        .exists()
    )
