"""Writing, changing and pinning notes. The audit entry stands with the object of the note."""

from __future__ import annotations

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.notes.models import Note
from core.notes.rules import why_not_editable
from core.objects.find import object_behind
from core.objects.kinds import kind_of

MAX_LENGTH = 4000


@transaction.atomic
def write_note(
    *,
    instance: models.Model,
    operator_id: int,
    text: str,
    author: User | None,
    is_pinned: bool = False,
) -> Note:
    """Write a note about ``instance``; refuses kinds without notes and empty or long texts."""
    kind = kind_of(instance)
    if kind is None or not kind.has_notes:
        raise InvalidInput("no_notes", _("Nothing can be noted about this."), field="object")
    note: Note = Note.objects.create(
        operator_id=operator_id,
        object_type=kind.type_name,
        object_id=str(instance.pk),
        text=_checked(text),
        author=author,
        author_label=current_actor.get().label[:200],
        is_pinned=is_pinned,
    )
    after = {"note": note.pk, "text": note.text, "is_pinned": is_pinned}
    record("note.write", instance, operator_id=operator_id, after=after)
    return note


@transaction.atomic
def change_note(*, note: Note, text: str, by: User | None) -> Note:
    """Change one's own note within a day; what it said before stays in the audit trail."""
    locked: Note = Note.objects.select_for_update(of=("self",)).get(pk=note.pk)
    refusal = why_not_editable(
        author_id=locked.author_id,
        created_at=locked.created_at,
        by_id=by.pk if by else None,
        now=timezone.now(),
    )
    if refusal:
        raise RuleViolation("note_fixed", _(refusal))
    before, locked.text = locked.text, _checked(text)
    if locked.text != before:
        locked.edited_at = timezone.now()
        locked.save(update_fields=["text", "edited_at"])
        _record("note.change", locked, {"text": before}, {"text": locked.text})
    return locked


@transaction.atomic
def pin_note(*, note: Note, is_pinned: bool) -> Note:
    """Keep a note above the others, or no longer; a second time changes nothing."""
    changed = Note.objects.filter(pk=note.pk, is_pinned=not is_pinned).update(is_pinned=is_pinned)
    if changed:
        note.is_pinned = is_pinned
        _record("note.pin", note, {"is_pinned": not is_pinned}, {"is_pinned": is_pinned})
    return note


def _record(verb: str, note: Note, before: dict[str, object], after: dict[str, object]) -> None:
    found = object_behind(note.object_type, note.object_id)
    record(
        verb,
        found[1] if found else note,
        operator_id=note.operator_id,
        before={"note": note.pk, **before},
        after={"note": note.pk, **after},
    )


def _checked(text: str) -> str:
    clean = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not clean:
        raise InvalidInput("note_empty", _("Write something."), field="text")
    if len(clean) > MAX_LENGTH:
        raise InvalidInput(
            "note_long",
            _("A note has at most %(count)d characters.") % {"count": MAX_LENGTH},
            field="text",
        )
    return clean
