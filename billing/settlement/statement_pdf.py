"""A statement on paper, with the sessions behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from billing.invoices.pdf.colour import DEFAULT, readable
from billing.invoices.pdf.texts import page_texts
from billing.invoices.pdf.typeset import typeset
from billing.invoices.pdf.writing import breakable
from billing.sellers.models import Seller
from billing.settlement.models import Route, Statement, StatementItem
from billing.settlement.selectors import ShownLine, items, set_offs, shown_lines
from core.files import store
from core.ui import units

TEMPLATE: Final = Path(__file__).resolve().parent / "statement.typ"
MOST_SESSIONS: Final = 5_000
"""More are in the CSV and the XLSX alone."""


def statement_pdf(statement: Statement, *, language: str) -> bytes:
    """A tagged PDF of a statement in ``sv`` or ``en``; a draft says that it is one."""
    with translation.override(language):
        view = _view(statement, language)
    return typeset(TEMPLATE, breakable(view), on=statement.issued_on or statement.period_until_on)


def statement_name(statement: Statement) -> str:
    """Site, period and id, safe on every disk."""
    period = f"{statement.period_from_on:%Y-%m-%d}-{statement.period_until_on:%Y-%m-%d}"
    return store.clean_name(f"{statement.site}-{period}-{statement.public_id}.x", ".pdf")


def _view(statement: Statement, language: str) -> dict[str, Any]:
    seller, lines = statement.seller, shown_lines(statement)
    sessions = list(items().filter(statement=statement)[: MOST_SESSIONS + 1])
    title = _("Draft of a settlement") if statement.is_draft else _("Settlement")
    parts = (
        (_("The operator pays the host"), lines["to_host"]),
        (_("The host pays the operator"), lines["to_operator"]),
    )
    return {
        "lang": language,
        "colour": readable(seller.colour or DEFAULT),
        "title": f"{title} {_days(statement.period_from_on, statement.period_until_on)}",
        "seller": seller.name,
        "recipient": _recipient(statement.host),
        "facts": _facts(statement),
        "line_heads": [_("What"), _("Days"), _("How"), _("Amount")],
        "parts": [
            {"title": head, "rows": [_line(one, statement.currency) for one in own]}
            for head, own in parts
            if own
        ],
        "totals": _totals(statement),
        "notes": _notes(
            statement, len(sessions), sets_off=any(one.sets_off for one in lines["to_operator"])
        ),
        "sessions_title": _("What was counted"),
        "session_heads": [
            _("Day"), _("Session"), _("Energy"), _("Net of energy"), _("Net revenue"),
        ],
        "sessions": [_counted(one, statement.currency) for one in sessions[:MOST_SESSIONS]],
        "footer": f"{seller.name} · {seller.organisation_number} · {statement.public_id}",
        "page_of": page_texts()["page_of"],
    }  # fmt: skip


def _days(first: object, last: object) -> str:
    return f"{first} – {last}"


def _recipient(host: Seller) -> dict[str, Any]:
    rows = (host.address, f"{host.postal_code} {host.city}".strip())
    return {"name": host.name, "lines": [row for row in rows if row]}


def _facts(statement: Statement) -> list[list[str]]:
    credited = [[_("of which credited"), units.money(-statement.credited_net, statement.currency)]]
    host = statement.host
    status = (
        _("registered for VAT") if statement.host_is_vat_registered else _("not registered for VAT")
    )
    return [
        [_("Site"), str(statement.site)],
        [_("Site host"), f"{host.name}, {host.organisation_number}, {status}"],
        [_("Paid by"), f"{statement.seller.name}, {statement.seller.organisation_number}"],
        [_("Document"), _document(statement)],
        [_("Sessions"), str(statement.session_count)],
        [_("Energy"), units.energy(statement.energy_wh)],
        [_("Net revenue"), units.money(statement.revenue_net, statement.currency)],
        *(credited if statement.credited_net else ()),
    ]


def _document(statement: Statement) -> str:
    number = statement.host_invoice_number
    if statement.invoice is not None:
        number = statement.invoice.number
    shown = str(Route(statement.route).label)
    return f"{shown} {number}".strip()


def _line(one: ShownLine, currency: str) -> list[str]:
    line = one.line
    what = str(line)
    if line.station is not None:
        what = f"{what}, {line.station}"
    if line.is_late and line.carries_id is None:
        what = f"{what} ({_('came late, of earlier periods')})"
    days = _days(line.from_on, line.until_on)
    return [what, days, one.told, units.money(line.amount, currency)]


def _totals(statement: Statement) -> list[dict[str, Any]]:
    rows = [
        (_("Sum without VAT"), statement.net, False),
        (_("VAT"), statement.tax, False),
        (_("To pay"), statement.gross, True),
    ]
    if statement.fee_net:
        rows.append((_("Fees of the host"), statement.fee_net, False))
    rows += [
        (_("Set off, invoice %(number)s") % {"number": one.invoice}, -one.amount, False)
        for one in set_offs(statement)
    ]
    return [
        {"label": label, "amount": units.money(amount, statement.currency), "is_strong": strong}
        for label, amount, strong in rows
    ]


def _notes(statement: Statement, count: int, *, sets_off: bool) -> list[str]:
    notes = [str(one) for one in statement.said]
    if statement.route == Route.HOST_INVOICE and statement.owed_on is None:
        notes.append(_("Send an invoice of this net amount, with VAT, to be paid."))
    if statement.fee_net:
        notes.append(
            _("The fees of the host are invoiced, and set off against the payout.")
            if sets_off
            else _("The fees of the host are invoiced by themselves.")
        )
    if count > MOST_SESSIONS:
        notes.append(_("Not all sessions stand here; the file has them all."))
    return notes


def _counted(one: StatementItem, currency: str) -> list[str]:
    what = one.session.public_id if one.session else _("Cost of energy")
    net = one.net if one.session else one.cost
    is_usage = one.session is not None and one.credit_note is None
    if one.credit_note is not None:
        what = f"{what} · {_('Credit note')} {one.credit_note}"
    return [
        str(one.counted_on),
        f"{what} · {one.station}" if one.station else what,
        units.energy(one.energy_wh) if is_usage else "–",
        units.money(one.energy_net, currency) if one.session else "–",
        units.money(net, currency),
    ]
