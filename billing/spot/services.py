"""Writing market data: files looked at first, then taken over as a whole; rates by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.spot.models import (
    ExchangeRate,
    SpotImport,
    SpotKind,
    SpotPrice,
    SpotSource,
)
from billing.spot.plans import SpotPlan, plan_of, source_of
from core.accounts.models import Operator
from core.audit.models import ActorKind
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.imports.models import ImportState
from core.tenancy.today import operator_today

MOST_BYTES: Final = 12_000_000
SPOT_LOCK: Final = 20164
"""Class of the advisory lock that lets one import of an operator (0: the market's) store at a
time."""
_BATCH: Final = 2000
_AUDITED: Final = 200
"""Changed prices that the audit trail names one by one; the files have all."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a commit did; ``is_stale``: nothing, since other things than shown would be done."""

    plan: SpotPlan
    is_stale: bool = False


@transaction.atomic
def begin(
    *,
    operator: Operator | None,
    kind: str,
    name: str,
    raw: bytes,
    area: str = "",
    source: str = SpotSource.FILE,
) -> SpotImport:
    """Keep a file as a draft; no price is written. ``operator`` None: for the whole market.

    Raises InvalidInput for an empty file and one that is too large.
    """
    if not raw.strip():
        raise InvalidInput("empty_file", _("The file is empty."), field="file")
    if len(raw) > MOST_BYTES:
        raise InvalidInput(
            "too_large",
            _("The file is larger than %(size)s MB.") % {"size": MOST_BYTES // 10**6},
            field="file",
        )
    actor = current_actor.get()
    run: SpotImport = SpotImport.objects.create(
        operator=operator,
        public_id=public_id("spi"),
        kind=kind,
        area=area,
        source=source,
        file_name=_plain_name(name),
        size_bytes=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
        original=raw,
        user_id=actor.id if actor.kind == ActorKind.PERSON else None,
        user_label=actor.label[:200],
    )
    return run


def _plain_name(name: str) -> str:
    """The last part of a path, harmless in a header."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(s for s in last if s.isprintable() and s not in '"\x7f')[-150:] or "import"


@transaction.atomic
def commit(*, run: SpotImport, shown: str, replaces: bool = False, reason: str = "") -> Result:
    """Store everything that the file says, or nothing.

    ``shown`` is the digest that was confirmed. Refuses a file with anything wrong, one that was
    taken over or discarded before, and other prices than stored ones unless ``replaces`` is
    set, which needs a reason.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SPOT_LOCK, run.operator_id or 0])
    _claim(run)
    plan = plan_of(run)
    if plan.problems:
        raise RuleViolation("wrong_rows", plan.problems[0].reason)
    if plan.digest != shown:
        transaction.set_rollback(True)
        return Result(plan, is_stale=True)
    if not plan.is_good:
        raise RuleViolation("nothing_to_do", _("Everything is stored as the file says."))
    if plan.changed:
        _need_consent(plan, replaces=replaces, reason=reason)
    _store(run, plan, timezone.now())
    _finish(run, plan, reason)
    return Result(plan)


def _claim(run: SpotImport) -> None:
    claimed = SpotImport.objects.filter(
        pk=run.pk, operator_id=run.operator_id, state=ImportState.DRAFT
    ).update(state=ImportState.DONE)
    if not claimed:
        raise RuleViolation("not_draft", _("This file was imported or discarded before."))


def _need_consent(plan: SpotPlan, *, replaces: bool, reason: str) -> None:
    if not replaces:
        raise RuleViolation(
            "would_replace",
            _("%(count)s stored values would be replaced; say that you want that.")
            % {"count": len(plan.changed)},
            field="replaces",
        )
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")


def _store(run: SpotImport, plan: SpotPlan, now: datetime) -> None:
    source = run.source if run.source != SpotSource.FILE else source_of(plan.form)
    common = {
        "operator_id": run.operator_id, "source": source, "spot_import": run, "imported_at": now,
    }  # fmt: skip
    changed = [item for item, _before in plan.changed]
    if run.kind == SpotKind.RATES:
        _write(ExchangeRate, [_rate(one, common) for one in plan.new], [])
        _write(ExchangeRate, [_rate(one, common) for one in changed], ["rate"])
    else:
        _write(SpotPrice, [_price(one, common) for one in plan.new], [])
        _write(SpotPrice, [_price(one, common) for one in changed], ["price", "minutes"])
    run.source = source


def _price(point: Any, common: dict[str, Any]) -> SpotPrice:
    return SpotPrice(
        area=point.area, starts_at=point.starts_at, minutes=point.minutes, price=point.price,
        **common,
    )  # fmt: skip


def _rate(rate: Any, common: dict[str, Any]) -> ExchangeRate:
    return ExchangeRate(
        currency=rate.currency, published_on=rate.published_on, rate=rate.rate, **common
    )


def _write(model: Any, rows: Sequence[Any], replaced: list[str]) -> None:
    """Insert; with ``replaced`` overwrite these fields of the rows that are there."""
    if not replaced:
        model.objects.bulk_create(rows, batch_size=_BATCH)
        return
    day = "starts_at" if model is SpotPrice else "published_on"
    what = "area" if model is SpotPrice else "currency"
    model.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["operator", what, day],
        update_fields=[*replaced, "source", "spot_import", "imported_at"],
    )


def _finish(run: SpotImport, plan: SpotPlan, reason: str) -> None:
    run.state, run.done_at, run.form = ImportState.DONE, timezone.now(), plan.form
    run.created_count, run.changed_count = len(plan.new), len(plan.changed)
    run.reason = reason
    run.save()
    if run.operator_id is None:
        return
    changed = plan.changed[:_AUDITED]
    record(
        "spot.import",
        run,
        operator_id=run.operator_id,
        before={_name(item): before for item, before in changed},
        after={
            "kind": run.kind, "sha256": run.sha256, "created": len(plan.new),
            "changed": len(plan.changed), **{_name(item): _value(item) for item, _old in changed},
        },
        reason=reason,
    )  # fmt: skip


def _name(item: Any) -> str:
    if hasattr(item, "starts_at"):
        return f"{item.area} {item.starts_at:%Y-%m-%dT%H:%MZ}"
    return f"{item.currency} {item.published_on}"


def _value(item: Any) -> Decimal:
    value: Decimal = item.price if hasattr(item, "price") else item.rate
    return value


@transaction.atomic
def discard(*, run: SpotImport) -> None:
    """Put a draft away, with its content; a second time changes nothing."""
    changed = SpotImport.objects.filter(
        pk=run.pk, operator_id=run.operator_id, state=ImportState.DRAFT
    ).update(state=ImportState.DISCARDED, original=b"")
    if changed and run.operator_id is not None:
        record("spot.discard", run, operator_id=run.operator_id, before={"file": run.file_name})


@transaction.atomic
def set_rate(
    *, operator: Operator, currency: str, published_on: date, rate: Decimal, reason: str = ""
) -> ExchangeRate:
    """Enter the operator's own rate of a day; to change one that is stored needs a reason.

    Refuses a day to come, a currency that is none, and a rate that is not above zero.
    """
    row: ExchangeRate | None = ExchangeRate.objects.filter(
        operator=operator, currency=currency, published_on=published_on
    ).first()
    before = {} if row is None else {"rate": row.rate}
    if row is not None and row.rate == rate:
        return row
    if row is not None and not reason.strip():
        raise InvalidInput(
            "reason_needed", _("This day has a rate already; say why it changes."), field="reason"
        )
    if published_on > operator_today():
        raise InvalidInput(
            "future_rate", _("Rates are entered when they are published."), field="published_on"
        )
    if row is None:
        row = ExchangeRate(operator=operator, currency=currency, published_on=published_on)
    row.rate, row.source, row.imported_at = rate, SpotSource.ENTERED, timezone.now()
    row.spot_import = None
    row.full_clean()
    row.save()
    record(
        "spot.rate",
        row,
        operator_id=operator.pk,
        before=before,
        after={"currency": currency, "published_on": published_on, "rate": rate},
        reason=reason,
    )
    return row
