"""A few calls of the demo: refused cards that became support cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from customers.drivers.models import Driver
from customers.support.models import CaseEntry, CaseOutcome, CaseState, EntryKind, SupportCase
from portal.demo.people import PEOPLE
from portal.demo.plan import DemoPlan
from stations.hardware.models import Evse
from stations.ocpp.models import AuthorisationAttempt

_CALLS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("unknown_token", "", "Har fått ett nytt kort av arbetsgivaren.", ""),
    ("blocked", CaseOutcome.RIGHTLY_REFUSED, "Kortet är spärrat sedan föraren slutade.", ""),
    ("expired", CaseOutcome.SOLVED, "Kortet har gått ut; nytt slutdatum satt.", ""),
    ("unknown_token", CaseOutcome.FAULT, "Kabeln går inte att lossa.", "Kabeln sitter fast."),
)
"""Reason of the refusal, outcome (empty: still open), note, reported fault."""


def write_cases(plan: DemoPlan, operators: Mapping[str, int], now: datetime) -> int:
    """Write the calls of every operator with its latest refusals; how many."""
    made = 0
    for demo in plan.operators:
        worker = next(p.name for p in PEOPLE if p.operator == demo.slug and p.is_member)
        used: list[int] = []
        for reason, outcome, note, fault in _CALLS:
            attempt = (
                AuthorisationAttempt.objects.filter(
                    operator_id=operators[demo.slug], reason_code=reason, at__lt=now
                )
                .exclude(pk__in=used)
                .select_related("station")
                .order_by("-at", "-id")
                .first()
            )
            if attempt is None:
                continue
            used.append(attempt.pk)
            made += 1
            case = _case(attempt, f"case_demo{attempt.pk}", worker, outcome)
            _log(case, attempt, worker, note, fault)
    return made


def _case(attempt: AuthorisationAttempt, public_id: str, worker: str, outcome: str) -> SupportCase:
    opened_at = attempt.at + timedelta(minutes=3)
    driver_ref = attempt.token_snapshot.get("driver")
    driver = Driver.objects.filter(public_id=driver_ref).first() if driver_ref else None
    case: SupportCase = SupportCase.objects.create(
        operator_id=attempt.operator_id,
        public_id=public_id,
        state=CaseState.CLOSED if outcome else CaseState.OPEN,
        asked=attempt.id_token,
        caller_name=driver.name if driver else "",
        caller_phone=driver.phone if driver else "",
        driver=driver,
        station=attempt.station,
        evse=Evse.objects.filter(station=attempt.station).order_by("number").first(),
        opened_at=opened_at,
        opened_by_label=worker,
        closed_at=opened_at + timedelta(minutes=9) if outcome else None,
        closed_by_label=worker if outcome else "",
        outcome=outcome,
    )
    return case


def _log(
    case: SupportCase, attempt: AuthorisationAttempt, worker: str, note: str, fault: str
) -> None:
    lines: list[tuple[EntryKind, str]] = [
        (EntryKind.OPENED, attempt.id_token),
        (EntryKind.ATTEMPT, f"{attempt.id_token}: {attempt.decision} ({attempt.reason_code})"),
        (EntryKind.NOTE, note),
    ]
    if fault:
        lines.append((EntryKind.FAULT, fault))
    if case.outcome:
        lines.append((EntryKind.CLOSED, ""))
    CaseEntry.objects.bulk_create(
        [
            CaseEntry(
                operator_id=case.operator_id,
                case=case,
                at=case.opened_at + timedelta(minutes=2 * at),
                kind=kind,
                author_label=worker,
                text=text,
                attempt=attempt if kind == EntryKind.ATTEMPT else None,
            )
            for at, (kind, text) in enumerate(lines)
        ]
    )
