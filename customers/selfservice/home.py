"""What the home of a customer shows; a fixed number of queries, however much they charged."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.accounts.dated import operator_day
from billing.accounts.models import AccountStatus
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.payments.cards.methods import can_pay
from billing.rating.result import RatingResult
from billing.rating.running import running_costs
from customers.selfservice.customer import Customer
from customers.selfservice.mine import (
    accounts_of,
    invoices_of,
    owner_of,
    sessions_of,
    tokens_of,
    with_prices,
)
from customers.selfservice.paying import card_troubles
from customers.tokens.models import IdToken
from stations.sessions.models import Session, SessionState

LATEST: Final = 5
MOST_RUNNING: Final = 10
MOST_TOKENS: Final = 20
EXPIRES_SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Running:
    """A session that runs, and what it has cost so far (None: nothing can be said yet)."""

    session: Session
    cost: RatingResult | None
    duration: timedelta | None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that needs the customer: in words, with the page that helps."""

    tone: str
    icon: str
    text: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be paid in one currency, and what of it is late."""

    currency: str
    amount: Decimal
    count: int
    late: int


def running_of(customer: Customer, now: datetime) -> list[Running]:
    """The sessions that run now, the newest first, with their cost so far."""
    rows = sessions_of(owner_of(customer)).defer(None)
    active = list(
        rows.filter(state=SessionState.ACTIVE).select_related(
            "station__site", "evse", "billing__tariff_version"
        )[:MOST_RUNNING]
    )
    return running_rows(active, now)


def running_rows(sessions: list[Session], now: datetime) -> list[Running]:
    """These sessions with their cost so far."""
    pairs = [(one.billing, one) for one in sessions if hasattr(one, "billing")]
    costs = running_costs(pairs, now)
    return [
        Running(
            one,
            costs.get(one.billing.pk) if hasattr(one, "billing") else None,
            now - one.started_at if one.started_at else None,
        )
        for one in sessions
    ]


def due_of(open_invoices: list[Invoice]) -> list[Due]:
    """What is to be paid, by currency."""
    sums: dict[str, list[Invoice]] = defaultdict(list)
    for one in open_invoices:
        sums[one.currency].append(one)
    return [
        Due(
            currency,
            sum((one.open_amount for one in rows), Decimal(0)),
            len(rows),
            sum(one.state == InvoiceState.OVERDUE for one in rows),
        )
        for currency, rows in sorted(sums.items())
    ]


def open_invoices(customer: Customer) -> list[Invoice]:
    """Invoices of which something is still to be paid, those due first at the top."""
    rows = invoices_of(customer).filter(kind=InvoiceKind.INVOICE, open_amount__gt=0)
    return list(rows.order_by("due_on", "pk")[:100])


def home_context(customer: Customer, now: datetime) -> dict[str, Any]:
    """Everything on the page."""
    tokens = list(tokens_of(owner_of(customer))[:MOST_TOKENS])
    unpaid = open_invoices(customer)
    return {
        "running": running_of(customer, now),
        "latest": list(
            with_prices(sessions_of(owner_of(customer))).exclude(state=SessionState.ACTIVE)[:LATEST]
        ),
        "dues": due_of(unpaid),
        "unpaid": unpaid[:LATEST],
        "takes_cards": bool(unpaid) and _takes_cards(customer, unpaid),
        "tokens": tokens,
        "notices": notices_of(customer, tokens, unpaid, now),
    }


def _takes_cards(customer: Customer, unpaid: list[Invoice]) -> bool:
    """Whether what is due first can be paid by card here."""
    account = unpaid[0].account
    return not customer.is_read_only and account is not None and can_pay(account)


def notices_of(
    customer: Customer, tokens: list[IdToken], unpaid: list[Invoice], now: datetime
) -> list[Notice]:
    """What needs the customer, the most urgent first."""
    slug, today = customer.operator.slug, operator_day(customer.operator, now)
    accounts = accounts_of(customer, today)
    found = [
        *_blocked(customer),
        *(
            Notice(
                "bad", "lock",
                _("%(account)s is blocked, so nothing can be charged. %(why)s")
                % {"account": account.name, "why": account.status_reason},
                reverse("my_invoice_list", args=[slug]), _("See invoices"),
            )
            for account in accounts
            if account.status == AccountStatus.BLOCKED
        ),
    ]  # fmt: skip
    late = sum(one.state == InvoiceState.OVERDUE for one in unpaid)
    if late:
        text = ngettext(
            "%(count)d invoice is past its due date.",
            "%(count)d invoices are past their due date.",
            late,
        )
        url = reverse("my_invoice_list", args=[slug]) + "?is_open=true"
        found.append(Notice("bad", "receipt", text % {"count": late}, url, _("See what is due")))
    url = reverse("my_cards_saved", args=[slug])
    found += [
        Notice("warn", "credit-card", text, url, _("See saved cards"))
        for text in card_troubles(accounts, today)
    ]
    return [*found, *_about_tokens(customer, tokens, now)]


def _blocked(customer: Customer) -> list[Notice]:
    """The driver or the company itself may not charge."""
    today = operator_day(customer.operator)
    driver, found = customer.driver, []
    company = customer.company or (driver.company if driver is not None else None)
    if driver is not None and driver.shown_status(today) == "blocked":
        text = _("You are blocked, so your cards are refused. %(why)s")
        found.append(Notice("bad", "lock", text % {"why": driver.status_reason}))
    elif driver is not None and driver.shown_status(today) == "ended":
        text = _("Your time here ended on %(day)s, so your cards are refused.")
        found.append(Notice("bad", "clock-off", text % {"day": driver.valid_until_on}))
    if company is not None and company.status == "blocked":
        text = _("%(company)s is blocked, so its cards are refused. %(why)s")
        words = {"company": company.name, "why": company.status_reason}
        found.append(Notice("bad", "lock", text % words))
    return found


def _about_tokens(customer: Customer, tokens: list[IdToken], now: datetime) -> list[Notice]:
    slug = customer.operator.slug
    url, action = reverse("my_token_list", args=[slug]), _("See my cards")
    if customer.driver is not None and not any(one.shown_status == "active" for one in tokens):
        text = _("You have no card that works. Activate one to charge.")
        return [Notice("warn", "id-badge", text, reverse("my_token_activate", args=[slug]),
                       _("Activate a card"))]  # fmt: skip
    soon = [
        one
        for one in tokens
        if one.shown_status == "active" and one.expires_at and one.expires_at <= now + EXPIRES_SOON
    ]
    return [
        Notice(
            "warn", "clock",
            _("The card %(card)s expires on %(day)s.")
            % {"card": one, "day": f"{timezone.localtime(one.expires_at):%Y-%m-%d}"},
            url, action,
        )
        for one in soon
    ]  # fmt: skip
