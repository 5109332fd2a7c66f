"""From what is due of an account to the pieces of its invoice, in the account's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, cast
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.accounts.fee_models import FeeKind
from billing.accounts.fee_selectors import DueFee
from billing.accounts.models import AccountKind, BillingAccount, InvoiceGrouping
from billing.invoices import due_facts as facts
from billing.invoices.composing import Piece
from billing.invoices.document_parts import LineKind, Unit
from billing.invoices.due_facts import Delivery, DueFacts, PricePart
from billing.invoices.run_models import ManualItem, ManualKind
from billing.invoices.tax_status import (
    Sides,
    of_charging,
    of_opening_balance,
    of_service,
)
from billing.rating.words import KIND_WORDS
from billing.sellers.models import Seller

_HOUR_IN_MINUTES: Final = Decimal(60)
_KINDS: Final[Mapping[str, tuple[LineKind, Unit, Decimal]]] = {
    "ENERGY": ("energy", "kWh", Decimal(1000)),
    "TIME": ("time", "min", Decimal(60)),
    "PARKING_TIME": ("idle", "min", Decimal(60)),
    "FLAT": ("session_fee", "each", Decimal(1)),
    "MIN_PRICE": ("other", "each", Decimal(1)),
    "MAX_PRICE": ("discount", "each", Decimal(1)),
    "IDLE_CAP": ("discount", "each", Decimal(1)),
}


@dataclass(frozen=True, slots=True)
class Bill:
    """For whom pieces are made. ``with_tax``: amounts include the tax."""

    account: BillingAccount
    sides: Sides
    with_tax: bool

    def amount(self, net: Decimal, gross: Decimal) -> Decimal:
        """The amount in the invoice's basis. Who pays prices with tax pays them untaxed too."""
        return gross if self.with_tax else net


def bill_for(account: BillingAccount, seller: Seller, due: DueFacts) -> Bill:
    """Persons pay the prices with VAT that they saw, companies prices without."""
    is_company = account.kind == AccountKind.COMPANY
    holds = is_company and account.vat_number and account.vat_number not in due.invalid_vat
    sides = Sides(
        seller_country=seller.country_code,
        seller_is_registered=seller.is_vat_registered,
        buyer_country=account.country_code,
        buyer_is_company=is_company,
        buyer_vat_country=account.vat_number[:2].upper() if holds else "",
    )
    return Bill(account, sides, with_tax=not is_company)


def pieces_of(bill: Bill, due: DueFacts) -> Iterator[tuple[str, Piece]]:
    """Pairs of currency and piece: sessions, then fees, then what was entered by hand."""
    own = due.accounts[bill.account.pk]
    for one in own.deliveries:
        parts = _adjustment(bill, one) if one.is_adjustment else _session(bill, one, due)
        for piece in parts:
            yield one.currency, piece
    for part in own.fees:
        yield part.fee.currency, _fee(bill, part)
    for item in own.manual:
        yield item.currency, _manual(bill, item)


def _session(bill: Bill, one: Delivery, due: DueFacts) -> Iterator[Piece]:
    key = facts.billable_key(one.id)
    title, group, is_specified = _group(bill.account, one, key)
    for part in due.prices.get(one.rated_id, ()):
        tax = of_charging(bill.sides, part.rate, one.country)
        kind, unit, scale = _KINDS.get(part.kind, _KINDS["MIN_PRICE"])
        yield Piece(
            key=key,
            group=group,
            line=(part.kind,),
            title=title,
            description=_described(part, one, is_specified, title),
            details="" if is_specified else f"{one.station} · {one.session}",
            kind=kind,
            quantity=_quantity(part, scale),
            unit=unit,
            amount=bill.amount(part.net, part.gross),
            tax=tax,
            site_id=one.site_id,
            from_on=one.delivered_on,
            until_on=one.delivered_on,
            cost_centre=_cost_centre(bill.account, one),
            registration_number=_vehicle(bill.account, one),
            is_specified=is_specified,
        )


def _quantity(part: PricePart, scale: Decimal) -> Decimal:
    if part.kind in {"MIN_PRICE", "MAX_PRICE", "IDLE_CAP"}:
        return Decimal(-1 if part.net < 0 else 1)
    return part.quantity / scale


def _group(account: BillingAccount, one: Delivery, key: str) -> tuple[str, str, bool]:
    """Title and name of the group, and whether its lines are sums over many sessions."""
    match account.invoice_grouping:
        case InvoiceGrouping.DRIVER:
            title = one.driver or _("Without a driver")
        case InvoiceGrouping.COST_CENTRE:
            title = one.cost_centre or _("Without a cost centre")
        case InvoiceGrouping.VEHICLE:
            title = one.registration_number or _("Without a vehicle")
        case InvoiceGrouping.SITE:
            title = one.site
        case InvoiceGrouping.SUMMARY:
            title = ""
        case _:
            return "", key, False
    return title[:160], f"sessions:{title}", True


def _cost_centre(account: BillingAccount, one: Delivery) -> str:
    by_it = (InvoiceGrouping.COST_CENTRE, InvoiceGrouping.SESSION)
    return one.cost_centre[:40] if account.invoice_grouping in by_it else ""


def _vehicle(account: BillingAccount, one: Delivery) -> str:
    by_it = (InvoiceGrouping.VEHICLE, InvoiceGrouping.SESSION)
    return one.registration_number[:12] if account.invoice_grouping in by_it else ""


def _described(part: PricePart, one: Delivery, is_summed: bool, title: str) -> str:
    what = str(KIND_WORDS.get(part.kind, part.kind))
    if is_summed:
        return pgettext("on an invoice", "Charging: %(what)s") % {"what": what.lower()}
    return f"{what}, {one.site}, {moments(one)}"[:300]


def moments(one: Delivery) -> str:
    """When the session was, in the site's zone."""
    zone = ZoneInfo(one.zone)
    begun, ended = one.started_at.astimezone(zone), one.stopped_at.astimezone(zone)
    day = formats.date_format(begun, "Y-m-d H:i")
    same = begun.date() == ended.date()
    return f"{day}–{formats.date_format(ended, 'H:i' if same else 'Y-m-d H:i')}"


def _adjustment(bill: Bill, one: Delivery) -> Iterator[Piece]:
    """What a later price changes, by tax rate; linked to the invoice that billed the session."""
    key = facts.billable_key(one.id)
    energy = (one.energy_wh - (one.old_energy_wh or 0)) / 1000
    text = _("Correction of the session of %(when)s, %(site)s, on invoice %(number)s") % {
        "when": moments(one),
        "site": one.site,
        "number": one.adjusts_number or "–",
    }
    for place, (rate, net, gross) in enumerate(changed_by_rate(one)):
        tax = of_charging(bill.sides, rate, one.country)
        is_energy = place == 0 and energy != 0 and (energy < 0) == (net < 0)
        yield Piece(
            key=key,
            group=key,
            line=("adjustment",),
            description=text[:300],
            details=f"{one.station} · {one.session}",
            kind="energy" if is_energy else "other",
            quantity=energy if is_energy else Decimal(-1 if net < 0 else 1),
            unit="kWh" if is_energy else "each",
            amount=bill.amount(net, gross),
            tax=tax,
            site_id=one.site_id,
            from_on=one.delivered_on,
            until_on=one.delivered_on,
            cost_centre=_cost_centre(bill.account, one),
            registration_number=_vehicle(bill.account, one),
        )


def changed_by_rate(one: Delivery) -> list[tuple[Decimal | None, Decimal, Decimal]]:
    """Net and gross of an adjustment by rate; its own sums where the rates cannot be told."""
    sums: dict[Decimal | None, tuple[Decimal, Decimal]] = {}
    for sign, taxes in ((1, one.taxes), (-1, one.old_taxes or [])):
        for total in taxes:
            rate = None if total["rate"] is None else Decimal(str(total["rate"]))
            net, gross = sums.get(rate, (Decimal(0), Decimal(0)))
            more = (Decimal(str(total["net"])), Decimal(str(total["gross"])))
            sums[rate] = (net + sign * more[0], gross + sign * more[1])
    found = [(rate, net, gross) for rate, (net, gross) in sums.items() if net or gross]
    net_sum = sum((net for _rate, net, _gross in found), Decimal(0))
    gross_sum = sum((gross for _rate, _net, gross in found), Decimal(0))
    if (net_sum, gross_sum) == (one.net, one.gross):
        return found
    # Waived or dropped since: all that was billed goes back, at the rates it was billed at.
    rate = next(iter(sums), None)
    return [(rate, one.net, one.gross)]


def _fee(bill: Bill, due: DueFee) -> Piece:
    fee, part = due.fee, due.part
    tax = of_service(bill.sides, fee.tax_percent)
    key = facts.fee_key(due)
    details = [fee.subject_label]
    if part.days and not part.is_whole:
        details.append(
            _("%(days)s of %(month)s days") % {"days": part.days, "month": part.days_in_month}
        )
    return Piece(
        key=key,
        group=key,
        line=("fee",),
        description=fee.name,
        details=" · ".join(filter(None, details)),
        kind="network" if fee.kind == FeeKind.NETWORK_ACCESS else "fee",
        quantity=Decimal(1),
        unit="month" if part.days and part.is_whole else "each",
        amount=_in_basis(bill, part.amount, fee.is_tax_included, fee.tax_percent),
        tax=tax,
        from_on=part.from_on,
        until_on=part.until_on,
        revenue_account=fee.revenue_account,
    )


def _manual(bill: Bill, item: ManualItem) -> Piece:
    is_opening = item.kind == ManualKind.OPENING_BALANCE
    tax = of_opening_balance(bill.sides) if is_opening else of_service(bill.sides, item.tax_percent)
    key = facts.manual_key(item)
    amount = item.quantity * item.unit_price
    return Piece(
        key=key,
        group=key,
        line=("manual",),
        description=item.description,
        kind="other",
        quantity=item.quantity,
        unit=cast("Unit", item.unit),
        amount=_in_basis(bill, amount, item.is_tax_included, item.tax_percent),
        tax=tax,
        site_id=item.site_id,
        from_on=item.due_on,
        until_on=item.due_on,
        cost_centre=item.cost_centre,
        revenue_account=item.revenue_account,
    )


def _in_basis(bill: Bill, amount: Decimal, is_included: bool, percent: Decimal) -> Decimal:
    """An amount with or without tax, as the invoice has it."""
    if is_included == bill.with_tax:
        return amount
    share = 1 + percent / 100
    return amount / share if is_included else amount * share


def currencies(pairs: Sequence[tuple[str, Piece]]) -> dict[str, list[Piece]]:
    """Pieces by currency: an invoice has one."""
    found: dict[str, list[Piece]] = {}
    for currency, piece in pairs:
        found.setdefault(currency, []).append(piece)
    return found
