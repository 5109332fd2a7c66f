"""Canned answers: writing them, and filling one in for a case."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput
from core.ids import public_id
from customers.support.answer_models import CannedAnswer
from customers.support.models import CaseEntry, SupportCase
from customers.support.placeholders import PLACEHOLDERS, filled, left_in, unknown_in
from customers.support.services import add_note

TEXTS = ("text_sv", "text_en")


def answers() -> QuerySet[CannedAnswer]:
    """Those of the operator in scope, by name."""
    rows: QuerySet[CannedAnswer] = CannedAnswer.objects.order_by("name", "id")
    return rows


@transaction.atomic
def save_answer(*, operator: Operator, answer: CannedAnswer | None, **values: Any) -> CannedAnswer:
    """Make or change a canned answer. Refuses a name that is taken, no text at all, and places
    that nothing can stand in."""
    row = answer or CannedAnswer(operator=operator, public_id=public_id("ans"))
    before, after = apply_changes(row, values)
    for field in TEXTS:
        refuse_unknown(getattr(row, field), field)
    if not (row.text_sv.strip() or row.text_en.strip()):
        raise InvalidInput("text_needed", _("Write the text in one language."), field="text_sv")
    taken = CannedAnswer.objects.filter(operator=operator, name=row.name).exclude(pk=row.pk)
    if taken.exists():
        raise InvalidInput("name_taken", _("This name is taken."), field="name")
    row.full_clean(exclude=["operator"])
    row.save()
    verb = "canned_answer.create" if answer is None else "canned_answer.change"
    if after:
        record(verb, row, operator_id=row.operator_id, before=before, after=after)
    return row


@transaction.atomic
def delete_answer(*, answer: CannedAnswer, reason: str = "") -> None:
    """Delete a canned answer; what was written with it stays as it was written."""
    before = {"name": answer.name, **{field: getattr(answer, field) for field in TEXTS}}
    record(
        "canned_answer.delete", answer, operator_id=answer.operator_id, before=before, reason=reason
    )
    answer.delete()


def refuse_unknown(text: str, field: str) -> None:
    """Raise InvalidInput that names what stands in braces and is no placeholder."""
    if unknown := unknown_in(text):
        words = _("Nothing can stand in %(unknown)s; there are %(known)s.") % {
            "unknown": ", ".join(f"{{{name}}}" for name in unknown),
            "known": ", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
        }
        raise InvalidInput("placeholder", words, field=field)


def refuse_left(text: str, field: str = "text") -> None:
    """Raise InvalidInput while a placeholder stands in a text for the customer."""
    if left := left_in(text):
        words = _("Write something in place of %(names)s.") % {
            "names": ", ".join(f"{{{name}}}" for name in left)
        }
        raise InvalidInput("placeholder_left", words, field=field)


def values_of(case: SupportCase) -> dict[str, str]:
    """What stands in the places of a text about this case; empty where it is not known."""
    station = case.station
    person = case.driver.name if case.driver else ""
    return {
        "name": person or case.caller_name,
        "station": station.name if station else "",
        "site": station.site.name if station else "",
        "evse": str(case.evse) if case.evse else "",
        "case": case.public_id,
        "operator": case.operator.name,
    }


def language_of(case: SupportCase) -> str:
    """The language of the person, else that of the operator."""
    return (case.driver.language if case.driver else "") or case.operator.language


def answer_for(case: SupportCase, answer: CannedAnswer, language: str = "") -> str:
    """A canned answer filled in for a case."""
    return filled(answer.text_in(language or language_of(case)), values_of(case))


def write_note(*, case: SupportCase, text: str, is_shared: bool) -> CaseEntry:
    """Write what staff say; refused while a placeholder stands in what the customer sees."""
    if is_shared:
        refuse_left(text)
    return add_note(case=case, text=text, is_shared=is_shared)
