"""What bills may take of rated sessions: at first the session, later what changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from billing.rating.copying import copy_models
from billing.rating.models import (
    BillableItem,
    BillingState,
    ItemKind,
    RatedSession,
    SessionBilling,
)
from core.audit.services import record
from core.errors import RuleViolation

NOTHING: Final = (Decimal(0), Decimal(0), Decimal(0))
_EXACT: Final = Decimal("0.0001")
COSTS_NOTHING: Final = frozenset({BillingState.WAIVED, BillingState.DROPPED, BillingState.FREE})
"""States in which nobody pays, whatever the price."""


def withdraw(session_ids: Sequence[int]) -> None:
    """Take back what may be billed and was not, until it is known anew."""
    BillableItem.objects.filter(session_id__in=session_ids, taken_at=None).delete()


def bill(
    pairs: Iterable[tuple[SessionBilling, RatedSession | None]], *, now: datetime
) -> list[BillableItem]:
    """Make what may be billed, after states and revisions are stored; what was open is withdrawn.

    Of a session that no bill took yet: all of it, if it costs anything. Of one that was billed:
    the difference to what was billed, as an adjustment; where it costs less now, only what credit
    notes have not given back already. A held session gets neither, which the database makes sure
    of too.
    """
    wanted = [(row, rated) for row, rated in pairs if rated is not None and _is_decided(row)]
    taken = _taken([row.session_id for row, _rated in wanted])
    items = [
        item
        for row, rated in wanted
        if (item := _item(row, rated, taken.get(row.session_id, []), now)) is not None
    ]
    copy_models(BillableItem, items)
    return items


def _is_decided(row: SessionBilling) -> bool:
    return row.state == BillingState.RATED or row.state in COSTS_NOTHING


def _taken(session_ids: Sequence[int]) -> Mapping[int, list[BillableItem]]:
    """What bills took so far, in order, by session."""
    found: dict[int, list[BillableItem]] = defaultdict(list)
    rows = BillableItem.objects.filter(session_id__in=session_ids, taken_at__isnull=False)
    for item in rows.order_by("id"):
        found[item.session_id].append(item)
    return found


def _item(
    row: SessionBilling, rated: RatedSession, taken: Sequence[BillableItem], now: datetime
) -> BillableItem | None:
    account_id = taken[0].account_id if taken else row.account_id
    is_free = row.state in COSTS_NOTHING
    due = NOTHING if is_free else (rated.net, rated.tax, rated.gross)
    billed = [sum(values, Decimal()) for values in zip(*map(_amounts, taken), strict=True)]
    net, tax, gross = (
        now_due - before for now_due, before in zip(due, billed or NOTHING, strict=True)
    )
    if taken and row.credited_gross and gross < 0:
        net, tax, gross = _not_credited(row.credited_gross, due=due[2], change=(net, tax, gross))
    if account_id is None or (net, tax, gross) == NOTHING:
        return None
    return BillableItem(
        operator_id=row.operator_id,
        kind=ItemKind.ADJUSTMENT if taken else ItemKind.SESSION,
        session_id=row.session_id,
        rated_session=rated,
        replaces_id=taken[-1].rated_session_id if taken else None,
        account_id=account_id,
        delivered_on=rated.delivered_on,
        currency=rated.currency,
        net=net,
        tax=tax,
        gross=gross,
        created_at=now,
    )


def _not_credited(
    credited: Decimal, *, due: Decimal, change: tuple[Decimal, Decimal, Decimal]
) -> tuple[Decimal, Decimal, Decimal]:
    """What of a lower price is still to go back, where credit notes took back so much of what was
    billed: nothing while no more is left of it than is due."""
    net, _tax, gross = change
    left = due - gross - credited
    wanted = min(Decimal(0), due - left)
    scaled = (net * wanted / gross).quantize(_EXACT)
    return scaled, wanted - scaled, wanted


def _amounts(item: BillableItem) -> tuple[Decimal, Decimal, Decimal]:
    return item.net, item.tax, item.gross


def note_credited(gross: Mapping[int, Decimal], *, now: datetime) -> None:
    """A credit note took back so much by billed session, in the caller's transaction. A lower
    price that waits for its bill is made anew, so that nothing goes back by both."""
    rows = list(
        SessionBilling.objects.select_for_update(of=("self",))
        .filter(session_id__in=gross)
        .order_by("id")
    )
    for row in rows:
        row.credited_gross += gross[row.session_id]
    SessionBilling.objects.bulk_update(rows, ["credited_gross"], batch_size=1_000)
    open_ones = BillableItem.objects.filter(
        session_id__in=gross, taken_at=None, kind=ItemKind.ADJUSTMENT, gross__lt=0
    )
    waiting = set(open_ones.values_list("session_id", flat=True))
    if waiting:
        rated = RatedSession.objects.filter(session_id__in=waiting, is_current=True)
        current = {one.session_id: one for one in rated}
        withdraw(list(waiting))
        bill([(row, current.get(row.session_id)) for row in rows if row.session_id in waiting],
             now=now)  # fmt: skip


@transaction.atomic
def mark_taken(*, item: BillableItem, bill: str, now: datetime) -> BillableItem:
    """Note that a bill took an item, for ever. Refuses one that was taken, or is gone."""
    changed = BillableItem.objects.filter(pk=item.pk, taken_at=None).update(
        taken_at=now, taken_by=bill
    )
    if not changed:
        raise RuleViolation("not_billable", _("The item is on a bill already, or was withdrawn."))
    item.refresh_from_db()
    record("billable.take", item, operator_id=item.operator_id, after={"bill": bill})
    return item
