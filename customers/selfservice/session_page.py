"""What the page of one session tells a customer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.rating.explain import ExplainedLine, explained_lines
from billing.rating.idle_models import IdleNotice
from billing.rating.models import BillingState, RatedSession, SessionBilling
from billing.rating.price_text import PriceText, price_lines
from billing.rating.price_words import Language
from billing.rating.pricing import tariff_of
from billing.rating.session_facts import NotRateable
from billing.tariffs.model import TariffError
from billing.tariffs.models import TariffVersion
from core.ui import units
from customers.selfservice.customer import Customer
from customers.selfservice.home import running_rows
from customers.selfservice.objecting import invoices_with, open_case_about
from stations.sessions.curve import curve
from stations.sessions.models import Session, SessionState
from stations.sessions.page import stretches


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line of the price in words, and what it comes to with tax."""

    text: str
    gross: Decimal


def reader_language() -> Language:
    """The language of price texts for the reader."""
    return "sv" if (get_language() or "").startswith("sv") else "en"


def agreed_price(
    version: TariffVersion | None, *, with_tax: bool | None = None
) -> tuple[PriceText, ...]:
    """A tariff in words; nothing where there is none that can be read."""
    if version is None:
        return ()
    try:
        tariff = tariff_of(version).tariff
    except (NotRateable, TariffError, ValueError):
        return ()
    return price_lines(tariff, reader_language(), with_tax=with_tax)


def current_price(session: Session) -> RatedSession | None:
    """The price that holds, where it counts: not while it is held, free or waived."""
    rows = RatedSession.objects.filter(session=session, is_current=True)
    row: RatedSession | None = rows.select_related("tariff_version", "site", "station").first()
    billing = billing_of(session)
    return row if billing is not None and billing.state == BillingState.RATED else None


def billing_of(session: Session) -> SessionBilling | None:
    """The billing side of a session; None before it is known."""
    return getattr(session, "billing", None)


def tax_words(version: TariffVersion) -> str:
    """Whether the prices of a tariff were entered with VAT; empty where there is none."""
    words = {"YES": _("with VAT"), "NO": _("without VAT")}
    return words.get(str(version.document.get("tax_included", "NO")), "")


def line_words(one: ExplainedLine, currency: str, tax: str) -> str:
    """``Energy: 12.345 kWh at 4.50 SEK per kWh with VAT``; ``tax`` is of ``tax_words``."""
    what: str | Promise = one.what
    if not one.used and not one.per:
        return str(what)
    words = {
        "what": what, "used": one.billed or one.used, "price": one.price, "currency": currency,
        "per": one.per, "tax": tax,
    }  # fmt: skip
    if not one.used:
        return (_("%(what)s: %(price)s %(currency)s %(tax)s") % words).strip()
    text = (_("%(what)s: %(used)s at %(price)s %(currency)s %(per)s %(tax)s") % words).strip()
    if one.is_stepped:
        text += " " + _("(used: %(used)s)") % {"used": one.used}
    return text


def session_context(customer: Customer, session: Session) -> dict[str, Any]:
    """All of the page but the curve, which is fetched by itself."""
    now = timezone.now()
    is_active = session.state == SessionState.ACTIVE
    billing, price = billing_of(session), None if is_active else current_price(session)
    end = session.stopped_at or (now if is_active else session.last_fact_at)
    running = running_rows([session], now)[0] if is_active else None
    case = open_case_about(session)
    group = billing.price_group if billing is not None else None
    return {
        "session": session,
        "price": price,
        "price_tax": units.money(price.tax, price.currency) if price is not None else "",
        "lines": [
            PricedLine(
                line_words(one, price.currency, tax_words(price.tariff_version)), one.line.gross
            )
            for one in explained_lines(price)
        ]
        if price is not None
        else [],
        "price_lines": agreed_price(
            billing.tariff_version if billing is not None else None,
            with_tax=group.shows_tax_included if group is not None else None,
        ),
        "cost": running.cost if running is not None else None,
        "points": curve(session),
        "stretches": stretches(session.intervals),
        "invoices": invoices_with(customer, session),
        "idle": IdleNotice.objects.filter(session=session).order_by("idle_since_at", "id"),
        "duration": end - session.started_at if session.started_at else None,
        "zone": ZoneInfo(session.station.site.time_zone),
        "case": case,
        "can_dispute": not is_active and case is None and not customer.is_read_only,
    }
