"""What hangs on an object of any declared kind, one line in its template each.

``{% history site %}``, ``{% notes site %}``, ``{% files site %}``; a builtin library.
Each shows nothing to whoever may not see it, and asks one query.
"""

from __future__ import annotations

from typing import Any, Final

from django import template
from django.db import models
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.accounts.middleware import has_permission
from core.accounts.models import User
from core.accounts.permissions import Permission
from core.attachments.selectors import files_about
from core.audit.models import AuditEntry
from core.audit.page import changes
from core.letters.selectors import letters_about
from core.notes.models import Note
from core.notes.rules import why_not_editable
from core.notes.selectors import notes_about
from core.notifications.reading import MOST_SHOWN, unread_count
from core.objects.kinds import kind_of

register = template.Library()
NEWEST: Final = 10
MOST_LETTERS: Final = 50


@register.inclusion_tag("core/letters/_letters.html")
def letters(kind: str, ref: str) -> dict[str, Any]:
    """The mails about something, each with what became of it; shown to whoever sees that."""
    return {"letters": list(letters_about(kind, ref)[:MOST_LETTERS])}


@register.inclusion_tag("core/audit/_history.html", takes_context=True)
def history(context: Context, instance: models.Model) -> dict[str, Any]:
    """The newest entries of the audit trail about an object, each with its changes."""
    request: HttpRequest = context["request"]
    if not has_permission(request, Permission.AUDIT_VIEW):
        return {}
    found = AuditEntry.objects.filter(
        object_type=instance._meta.label_lower, object_id=str(instance.pk)
    ).order_by("-at", "-id")[: NEWEST + 1]
    entries = [{"entry": entry, "changes": changes(entry)} for entry in found]
    return {
        "is_shown": True,
        "entries": entries[:NEWEST],
        "has_more": len(entries) > NEWEST,
        "object_type": instance._meta.label_lower,
        "object_id": instance.pk,
    }


@register.inclusion_tag("core/notes/_notes.html", takes_context=True)
def notes(context: Context, instance: models.Model) -> dict[str, Any]:
    """Notes about an object, the pinned ones first, with a form for those who may write."""
    request: HttpRequest = context["request"]
    kind = kind_of(instance)
    if kind is None or not kind.has_notes or not has_permission(request, kind.view):
        return {}
    found = list(notes_about(instance)[: NEWEST + 1])
    return {
        "is_shown": True,
        "kind": kind.name,
        "ref": kind.reference(instance),
        "notes": found[:NEWEST],
        "has_more": len(found) > NEWEST,
        "may_write": has_permission(request, Permission.NOTE_WRITE),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("core/attachments/_files.html", takes_context=True)
def files(context: Context, instance: models.Model) -> dict[str, Any]:
    """Documents and photos of an object."""
    request: HttpRequest = context["request"]
    kind = kind_of(instance)
    if kind is None or not kind.has_files or not has_permission(request, kind.view):
        return {}
    found = list(files_about(instance)[: NEWEST + 1])
    return {
        "is_shown": True,
        "kind": kind.name,
        "ref": kind.reference(instance),
        "files": found[:NEWEST],
        "has_more": len(found) > NEWEST,
        "may_edit": has_permission(request, Permission.FILE_EDIT),
        "may_share": kind.shares_files,
    }


@register.inclusion_tag("core/notifications/_bell.html", takes_context=True)
def bell(context: Context) -> dict[str, Any]:
    """How many notifications the reader has not read; one query, counting ends above 99."""
    request: HttpRequest = context["request"]
    membership = getattr(request, "membership", None)
    if membership is None or not isinstance(request.user, User):
        return {}
    count = unread_count(membership.operator, request.user)
    words = ngettext("%(count)d unread notification", "%(count)d unread notifications", count) % {
        "count": count
    }
    shown = f"{MOST_SHOWN}+" if count > MOST_SHOWN else count
    return {
        "is_shown": True,
        "count": shown,
        "words": words if count else _("Notifications"),
    }


@register.simple_tag(takes_context=True)
def may_change_note(context: Context, note: Note) -> bool:
    """Whether the reader may still change a note."""
    request: HttpRequest = context["request"]
    refusal = why_not_editable(
        author_id=note.author_id,
        created_at=note.created_at,
        by_id=request.user.pk,
        now=timezone.now(),
    )
    return not refusal and has_permission(request, Permission.NOTE_WRITE)
