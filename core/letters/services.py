"""Sending letters so that what becomes of them is known, and noting what the provider tells."""

from __future__ import annotations

from datetime import datetime
from email.utils import make_msgid
from typing import Any, Final

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from core.audit.services import record
from core.letters.kinds import kind_of
from core.letters.models import Letter, LetterEvent, LetterState
from core.mail import mail_domain

CAME_BACK: Final = frozenset({"bounced", "rejected", "failed", "complained"})
DELIVERED: Final = "delivered"


def send_letter(message: EmailMessage, *, operator_id: int, kind: str, ref: str) -> Letter:
    """Send a mail to one address, and keep under which id it went.

    Raises what the mail server's refusal raises; then nothing is kept.
    """
    own = message.extra_headers.get("Message-ID") or make_msgid(domain=mail_domain())
    message.extra_headers["Message-ID"] = own
    message.send()
    letter: Letter = Letter.objects.create(
        operator_id=operator_id,
        kind=kind,
        ref=ref,
        address=message.to[0][:254],
        message_id=_provider_id(message) or own[:200],
    )
    return letter


def _provider_id(message: EmailMessage) -> str:
    """Backends of mail providers (django-anymail) tell their own id, by which events come."""
    own = getattr(getattr(message, "anymail_status", None), "message_id", None)
    return own[:200] if isinstance(own, str) else ""


@transaction.atomic
def note_event(
    *, message_id: str, key: str, kind: str, happened_at: datetime | None, text: str, raw: Any
) -> bool:
    """Keep an event about one of our letters and apply it; False for an event that came before,
    and for mails that are no letter."""
    if not message_id or not key:
        return False
    letter = (
        Letter.objects.select_for_update(of=("self",))
        .filter(message_id=message_id)
        .order_by("-pk")
        .first()
    )
    if letter is None:
        return False
    at = happened_at or timezone.now()
    _row, is_new = LetterEvent.objects.get_or_create(
        key=key[:200],
        defaults={
            "operator_id": letter.operator_id, "letter": letter, "kind": kind[:30],
            "happened_at": at, "raw": raw,
        },
    )  # fmt: skip
    if not is_new:
        return False
    if kind in CAME_BACK:
        _came_back(letter, text or kind, at)
    elif kind == DELIVERED and letter.state == LetterState.SENT:
        Letter.objects.filter(pk=letter.pk).update(state=LetterState.DELIVERED, told_at=at)
    return True


def _came_back(letter: Letter, text: str, at: datetime) -> None:
    """Once; a letter that arrived may still come back."""
    if letter.state == LetterState.BOUNCED:
        return
    letter.state, letter.told_at = LetterState.BOUNCED, at
    letter.error = " ".join(text.replace("\x00", "").split())[:500] or "bounced"
    letter.save(update_fields=["state", "told_at", "error"])
    record(
        "letter.bounced",
        letter,
        operator_id=letter.operator_id,
        after={"about": f"{letter.kind} {letter.ref}", "error": letter.error},
    )
    own = kind_of(letter)
    if own is not None:
        own.came_back(letter)
