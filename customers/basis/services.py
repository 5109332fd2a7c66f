"""Freezing a month's basis, and how its file looks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.accounts.dated import LATEST_FIRST
from billing.rating.models import BillingState
from billing.sellers.models import ContractForm, SiteContract
from core.audit.services import current_actor, record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.files.store import kept
from core.ids import public_id
from core.months import first_day, last_day
from customers.basis.due import BasisDue, Due, load_basis
from customers.basis.files import described, frame_of, is_known_column, layout_of, write_file
from customers.basis.layout import Line
from customers.basis.models import (
    BasisDelivery,
    BasisItem,
    BasisLayout,
    BasisRow,
    ChargingBasis,
)
from customers.residents.models import Resident
from customers.residents.selectors import site_day
from stations.sites.models import Site

MOST_COLUMNS: Final = 40


def contracts_of(site: Site) -> list[SiteContract]:
    """The contracts by which nobody invoices at the site, the latest first."""
    rows = SiteContract.objects.filter(site=site, form=ContractForm.NOT_INVOICED)
    return list(rows.order_by(LATEST_FIRST))


def in_month(contracts: Sequence[SiteContract], month_on: date) -> SiteContract | None:
    """The first of the contracts that holds on some day of the month."""
    first, last = first_day(month_on), last_day(month_on)
    return next(
        (
            row
            for row in contracts
            if (row.valid_from_on or date.min) <= last and first <= (row.valid_until_on or date.max)
        ),
        None,
    )


def contract_of(site: Site, month_on: date) -> SiteContract | None:
    """The contract by which nobody invoices at the site in the month; the latest of several."""
    return in_month(contracts_of(site), month_on)


@transaction.atomic
def freeze_basis(
    *, site: Site, month_on: date, now: datetime, sends: bool = True, reason: str = ""
) -> list[ChargingBasis]:
    """Freeze what is due of a site up to the end of a month, one basis a currency, and have it
    sent to the property manager unless ``sends`` is false.

    Refuses a month that is not over, comes before one that is frozen, or waits for a price, and
    sites where somebody invoices. Sessions of nobody in the register are left out; once they are
    somebody's they come with the next basis.
    """
    row = Site.objects.select_for_update(no_key=True).select_related("operator").get(pk=site.pk)
    first, last = first_day(month_on), last_day(month_on)
    contract = contract_of(row, first)
    if contract is None:
        raise RuleViolation("invoiced", _("Nobody needs a basis: the site is invoiced."))
    if site_day(row, now) <= last:
        raise RuleViolation("month_open", _("The month is not over yet."))
    if ChargingBasis.objects.filter(site=row, month_on__gte=first).exists():
        raise RuleViolation("frozen", _("This month, or a later one, is frozen already."))
    due = load_basis(row, last)
    waiting = due.undecided[BillingState.AWAITING_PRICE]
    if waiting:
        raise RuleViolation(
            "price_missing",
            _("%(count)s sessions wait for the price that is announced afterwards.")
            % {"count": waiting},
        )
    email = contract.basis_email if sends else ""
    return [
        _store(row, (first, last), due, currency, contract, email, now, reason)
        for currency in due.currencies or [row.operator.currency]
    ]


def _store(
    site: Site,
    month: tuple[date, date],
    due: BasisDue,
    currency: str,
    contract: SiteContract,
    email: str,
    now: datetime,
    reason: str,
) -> ChargingBasis:
    rows = due.lines(currency)
    lines = [line for _resident, line, _items in rows]
    layout = layout_of(site)
    data, name = write_file(layout, lines, frame_of(site, *month, currency, layout.text))
    with kept(site.operator_id, (data, f".{layout.file_format}")) as (path,), transaction.atomic():
        basis: ChargingBasis = ChargingBasis.objects.create(
            operator_id=site.operator_id,
            public_id=public_id("cbs"),
            site=site,
            month_on=month[0],
            currency=currency,
            is_taxed=contract.host_is_vat_registered or any(line.tax for line in lines),
            **_sums(lines),
            unknown_count=len(due.unknown),
            file_name=name,
            file_path=path,
            file_sha256=hashlib.sha256(data).hexdigest(),
            layout=described(layout),
            frozen_at=now,
            frozen_label=current_actor.get().label[:200],
            delivery=BasisDelivery.WAITING if email else BasisDelivery.NONE,
            to_email=email,
            next_at=now if email else None,
        )
        _store_rows(basis, rows)
        record(
            "charging_basis.freeze", basis, operator_id=basis.operator_id,
            after={
                "site": site.name, "month": f"{month[0]:%Y-%m}", "gross": basis.gross,
                "sessions": basis.session_count, "unknown": basis.unknown_count, "to": email,
            },
            reason=reason,
        )  # fmt: skip
    return basis


def _sums(lines: Sequence[Line]) -> dict[str, Any]:
    names = ("energy_wh", "net", "tax", "gross")
    sums: dict[str, Any] = {
        name: sum((getattr(line, name) for line in lines), Decimal(0)) for name in names
    }
    return sums | {"session_count": sum(line.session_count for line in lines)}


def _store_rows(basis: ChargingBasis, rows: Sequence[tuple[Resident, Line, list[Due]]]) -> None:
    own = {"operator_id": basis.operator_id}
    stored = BasisRow.objects.bulk_create(
        BasisRow(
            **own, basis=basis, resident=resident, position=position,
            object_number=line.object_number, apartment=line.apartment, bay=line.bay,
            name=line.name, email=line.email, session_count=line.session_count,
            energy_wh=line.energy_wh, net=line.net, tax=line.tax, gross=line.gross,
            adjustment=line.adjustment,
        )
        for position, (resident, line, _items) in enumerate(rows, 1)
    )  # fmt: skip
    BasisItem.objects.bulk_create(
        BasisItem(
            **own, row=row, session_id=one.session_id, number=one.number,
            delivered_on=one.delivered_on, energy_wh=one.energy_wh, net=one.net, tax=one.tax,
            gross=one.gross,
        )
        for row, (_resident, _line, items) in zip(stored, rows, strict=True)
        for one in items
    )  # fmt: skip


@transaction.atomic
def send_again(*, basis: ChargingBasis, to_email: str, reason: str = "") -> ChargingBasis:
    """Have the same file sent, to the same or another address; refuses while it is being sent."""
    changed = ChargingBasis.objects.filter(pk=basis.pk).exclude(
        delivery__in=(BasisDelivery.WAITING, BasisDelivery.SENDING)
    ).update(
        delivery=BasisDelivery.WAITING, to_email=to_email, attempts=0, next_at=timezone.now(),
        error="",
    )  # fmt: skip
    if not changed:
        raise RuleViolation("sending", _("The basis is being sent already."))
    before = {"to": basis.to_email, "delivery": basis.delivery}
    basis.refresh_from_db()
    record(
        "charging_basis.send", basis, operator_id=basis.operator_id, before=before,
        after={"to": to_email}, reason=reason,
    )  # fmt: skip
    return basis


@transaction.atomic
def change_layout(*, site: Site, reason: str = "", **values: Any) -> BasisLayout:
    """Change how the site's next files look; refuses columns that there are not."""
    layout = layout_of(site)
    if "columns" in values:
        values["columns"] = _columns(values["columns"])
    before, after = apply_changes(layout, values)
    if layout.separator == layout.decimal_sign:
        raise InvalidInput(
            "decimal_sign",
            _("The separator cannot be the decimal sign too."),
            field="decimal_sign",
        )
    if after or layout.pk is None:
        layout.full_clean(validate_constraints=layout.pk is not None)
        layout.save()
        record(
            "charging_basis.layout", site, operator_id=site.operator_id, before=before,
            after=after, reason=reason,
        )  # fmt: skip
    return layout


def _columns(pairs: Sequence[Sequence[str]]) -> list[list[str]]:
    found = [[str(name), " ".join(str(heading).split())[:60]] for name, heading in pairs]
    names = [name for name, _heading in found]
    if not found or len(found) > MOST_COLUMNS:
        raise InvalidInput("columns", _("Choose at least one column."), field="columns")
    unknown = [name for name in names if not is_known_column(name)]
    if unknown:
        raise InvalidInput(
            "columns",
            _("There is no column %(names)s.") % {"names": ", ".join(unknown)[:80]},
            field="columns",
        )
    if len(set(names)) != len(names):
        raise InvalidInput("columns", _("A column stands there twice."), field="columns")
    return found
