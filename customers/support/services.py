"""Writing support cases: opening, looking up, acting, reporting, closing. All in one log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.models import ActorKind
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.tenancy.places import current_places
from customers.drivers.models import Driver
from customers.support.models import CaseEntry, CaseOutcome, CaseState, EntryKind, SupportCase
from customers.tokens.models import IdToken
from stations.commands.models import Command
from stations.hardware.models import Evse, Station
from stations.ocpp.models import AuthorisationAttempt
from stations.sessions.models import Session

SHARED: Final = "is_shared"
"""In ``data`` of a note that staff and customer both see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """What a case is about; None where it is not known."""

    driver: Driver | None = None
    token: IdToken | None = None
    evse: Evse | None = None
    station: Station | None = None
    session: Session | None = None

    def columns(self) -> dict[str, models.Model]:
        """What is known, as columns; the place and the person follow from the rest."""
        session = self.session
        evse = self.evse or (session.evse if session else None)
        station = evse.station if evse else session.station if session else self.station
        driver = self.driver or (self.token.driver if self.token else None)
        found = {
            "driver": driver,
            "token": self.token,
            "evse": evse,
            "station": station,
            "session": session,
        }
        return {name: value for name, value in found.items() if value is not None}


@transaction.atomic
def open_case(
    *,
    operator: Operator,
    subjects: Subjects,
    asked: str = "",
    caller_name: str = "",
    caller_phone: str = "",
) -> SupportCase:
    """Open a case about ``subjects`` (they may all be unknown)."""
    columns = subjects.columns()
    if current_places() is not None and "station" not in columns:
        raise RuleViolation("no_place", _("Find the EVSE first: you work with chosen sites."))
    actor = current_actor.get()
    case = SupportCase(
        operator=operator,
        public_id=public_id("case"),
        asked=asked[:100],
        caller_name=caller_name,
        caller_phone=caller_phone,
        opened_by_id=actor.id if actor.kind == ActorKind.PERSON else None,
        opened_by_label=actor.label[:200],
        **columns,
    )
    case.full_clean(exclude=["operator"])
    case.save()
    log_line(case, EntryKind.OPENED, asked)
    audit_line(case, "case.open", {name: str(value) for name, value in columns.items()})
    return case


@transaction.atomic
def link_case(*, case: SupportCase, subjects: Subjects) -> SupportCase:
    """Put what was found meanwhile into an open case."""
    _refuse_closed(case)
    columns = subjects.columns()
    if not columns:
        raise InvalidInput("nothing", _("There is nothing to put into the case."))
    for name, value in columns.items():
        setattr(case, name, value)
    if case.evse is not None and "evse" not in columns and case.evse.station != case.station:
        case.evse = None
    case.save()
    log_line(case, EntryKind.LINKED, ", ".join(str(value) for value in columns.values()))
    audit_line(case, "case.change", {name: str(value) for name, value in columns.items()})
    return case


@transaction.atomic
def add_note(*, case: SupportCase, text: str, is_shared: bool = False) -> CaseEntry:
    """Write a note; refused when empty or the case is closed. ``is_shared``: the customer sees it,
    or wrote it."""
    _refuse_closed(case)
    data = {SHARED: True} if is_shared else {}
    entry = log_line(case, EntryKind.NOTE, _needed(text, "text"), data=data)
    audit_line(case, "case.note", {"text": entry.text, **data})
    return entry


@transaction.atomic
def note_attempt(*, case: SupportCase, attempt: AuthorisationAttempt) -> CaseEntry:
    """Keep an authorisation attempt with the case."""
    _refuse_closed(case)
    shown = f"{attempt.id_token}: {attempt.decision} ({attempt.reason_code})"
    entry = log_line(case, EntryKind.ATTEMPT, shown, attempt=attempt)
    audit_line(case, "case.attempt", {"attempt": attempt.pk})
    return entry


@transaction.atomic
def note_command(*, case: SupportCase, command: Command, text: str = "") -> CaseEntry:
    """Keep a command that was sent for the case; the log shows its result."""
    entry = log_line(case, EntryKind.COMMAND, text, command=command)
    audit_line(case, "case.command", {"command": command.public_id, "action": command.action}, text)
    return entry


@transaction.atomic
def report_fault(*, case: SupportCase, text: str) -> CaseEntry:
    """Keep what the caller says is wrong with the EVSE or station of the case."""
    _refuse_closed(case)
    if case.station is None:
        raise RuleViolation("no_place", _("Find the EVSE first, so that the fault has a place."))
    data = {
        "station": case.station.public_id,
        "evse": case.evse.public_id if case.evse else None,
        "evse_number": case.evse.number if case.evse else None,
    }
    entry = log_line(case, EntryKind.FAULT, _needed(text, "text"), data=data)
    audit_line(case, "case.fault", {**data, "text": entry.text})
    return entry


@transaction.atomic
def close_case(*, case: SupportCase, outcome: CaseOutcome, text: str = "") -> SupportCase:
    """Close an open case with its outcome."""
    closed = SupportCase.objects.filter(pk=case.pk, state=CaseState.OPEN).update(
        state=CaseState.CLOSED,
        closed_at=timezone.now(),
        closed_by_label=current_actor.get().label[:200],
        outcome=outcome,
    )
    if not closed:
        raise RuleViolation("case_closed", _("The case is closed."))
    case.refresh_from_db()
    log_line(case, EntryKind.CLOSED, text, data={"outcome": outcome})
    audit_line(case, "case.close", {"outcome": outcome}, text)
    return case


@transaction.atomic
def reopen_case(*, case: SupportCase) -> SupportCase:
    """Open a closed case again; its log goes on."""
    opened = SupportCase.objects.filter(pk=case.pk, state=CaseState.CLOSED).update(
        state=CaseState.OPEN, closed_at=None, closed_by_label="", outcome=""
    )
    if not opened:
        raise RuleViolation("case_open", _("The case is open."))
    case.refresh_from_db()
    log_line(case, EntryKind.REOPENED, "")
    audit_line(case, "case.reopen", {})
    return case


def refuse_closed(case: SupportCase) -> None:
    """Raise RuleViolation for a closed case."""
    _refuse_closed(case)


def _refuse_closed(case: SupportCase) -> None:
    if case.state != CaseState.OPEN:
        raise RuleViolation("case_closed", _("The case is closed. Open it again first."))


def _needed(text: str, field: str) -> str:
    if not text.strip():
        raise InvalidInput("text_needed", _("Write something."), field=field)
    return text.strip()


def log_line(case: SupportCase, kind: EntryKind, text: str, **more: Any) -> CaseEntry:
    """Write a line into the log of a case, in the caller's transaction."""
    entry: CaseEntry = CaseEntry.objects.create(
        operator_id=case.operator_id,
        case=case,
        kind=kind,
        author_label=current_actor.get().label[:200],
        text=text,
        **more,
    )
    return entry


def audit_line(case: SupportCase, verb: str, after: dict[str, Any], reason: str = "") -> None:
    """Keep what was done with a case in the audit trail."""
    record(verb, case, operator_id=case.operator_id, after=after, reason=reason)
