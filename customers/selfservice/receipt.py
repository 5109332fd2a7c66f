"""The receipt of a session that has its price."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from billing.invoices.pdf.receipt import ReceiptView, render_receipt
from billing.rating.explain import explained_lines
from billing.rating.models import RatedSession
from billing.sellers.selectors import seller_of
from core.accounts.models import Operator
from core.operators.selectors import setup_of
from core.ui import units
from customers.selfservice.customer import Customer
from customers.selfservice.session_page import line_words, reader_language, tax_words
from stations.sessions.models import Session


def receipt_pdf(customer: Customer, session: Session, price: RatedSession) -> bytes:
    """On the day of delivery, in the reader's language, times in the site's zone."""
    view = receipt_view(customer.operator, session, price)
    return render_receipt(view, on=price.delivered_on)


def receipt_view(operator: Operator, session: Session, price: RatedSession) -> ReceiptView:
    """What stands on the receipt; its lines and taxes come to its total."""
    zone, site = ZoneInfo(price.site.time_zone), price.site
    name, lines = _seller(operator, price)
    currency, tax = price.currency, tax_words(price.tariff_version)
    place = ", ".join(filter(None, (site.name, site.address, site.city)))
    return ReceiptView(
        lang=reader_language(),
        title=_("Receipt"),
        seller=name,
        seller_lines=lines,
        facts=[
            (_("Session"), session.public_id),
            (_("Place"), place),
            (_("Station"), f"{price.station}"),
            (_("From"), f"{price.started_at.astimezone(zone):%Y-%m-%d %H:%M %Z}"),
            (_("To"), f"{price.stopped_at.astimezone(zone):%Y-%m-%d %H:%M %Z}"),
            (_("Energy"), units.energy(price.energy_wh, 3)),
            (_("Card"), str(session.token_snapshot.get("label", "")) or "–"),
        ],
        heads=(_("What"), _("Amount with VAT")),
        lines=[
            (line_words(one, currency, tax), units.money(one.line.gross, currency))
            for one in explained_lines(price)
        ],
        taxes=[
            (
                _("VAT %(rate)s %% on %(net)s")
                % {"rate": _plain(one["rate"]), "net": units.money(one["net"], currency)},
                units.money(one["tax"], currency),
            )
            for one in price.taxes
        ],
        total=(_("Total with VAT"), units.money(price.gross, currency)),
        note=_("This is no invoice. What is to be paid stands on the invoice of the month."),
    )


def _plain(rate: object) -> str:
    return format(Decimal(str(rate or 0)).normalize(), "f")


def _seller(operator: Operator, price: RatedSession) -> tuple[str, list[str]]:
    """Who sold there on that day, else what the operator says of itself."""
    seller = seller_of([price.site_id], price.delivered_on)[price.site_id].seller
    about = seller or setup_of(operator)
    name = (seller.name if seller is not None else "") or operator.name
    town = f"{about.postal_code} {about.city}".strip()
    number, vat = about.organisation_number, about.vat_number
    numbers = " · ".join(filter(None, (number, vat)))
    return name, [line for line in (about.address, town, numbers) if line]
