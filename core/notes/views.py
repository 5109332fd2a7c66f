"""Notes of one object: all of them, writing, changing, pinning."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.models import User
from core.accounts.permissions import Permission
from core.forms import attempt, posted
from core.notes import services
from core.notes.forms import NoteForm
from core.notes.models import Note
from core.notes.rules import why_not_editable
from core.notes.selectors import notes_about
from core.objects.find import find_object, object_behind
from core.objects.kinds import ObjectKind
from core.undo import tell_done

PAGE_SIZE = 25


def author_of(request: HttpRequest) -> User | None:
    """The person behind the request."""
    return request.user if isinstance(request.user, User) else None


def _allowed(request: HttpRequest, kind: ObjectKind) -> None:
    if not kind.has_notes:
        raise Http404(_("Nothing can be noted about this."))
    if not has_permission(request, kind.view):
        raise PermissionDenied(_("Your role may not do this."))


@permission_required(Permission.NETWORK_VIEW)
@require_http_methods(["GET", "POST"])
def note_page(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """All notes about an object; POST writes one."""
    found, instance = find_object(kind, ref)
    _allowed(request, found)
    form = NoteForm(posted(request))
    if request.method == "POST":
        if not has_permission(request, Permission.NOTE_WRITE):
            raise PermissionDenied(_("Your role may not do this."))
        if form.is_valid():
            note = attempt(
                form,
                lambda: services.write_note(
                    instance=instance,
                    operator_id=instance.operator_id,
                    text=form.cleaned_data["text"],
                    author=author_of(request),
                ),
            )
            if note is not None:
                messages.success(request, _("The note has been written."))
                return redirect(found.url(instance))
    context = {
        "kind": found,
        "instance": instance,
        "object_url": found.url(instance),
        "form": form,
        "page": Paginator(notes_about(instance), PAGE_SIZE).get_page(request.GET.get("page")),
        "may_write": has_permission(request, Permission.NOTE_WRITE),
    }
    return render(request, "core/notes/note_page.html", context)


def _note(request: HttpRequest, pk: int) -> tuple[Note, str]:
    """The note, if its object is still there and may be seen, and the object's page."""
    note: Note = get_object_or_404(Note.objects.all(), pk=pk)
    behind = object_behind(note.object_type, note.object_id)
    if behind is None:
        raise Http404(_("There is no such object."))
    kind, instance = behind
    _allowed(request, kind)
    return note, kind.url(instance)


@permission_required(Permission.NOTE_WRITE)
@require_http_methods(["GET", "POST"])
def note_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's own note while it may be changed."""
    note, back = _note(request, pk)
    author = author_of(request)
    form = NoteForm(posted(request), initial={"text": note.text})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        changed = attempt(form, lambda: services.change_note(note=note, text=text, by=author))
        if changed is not None:
            messages.success(request, _("The note has been changed."))
            return redirect(back)
    refusal = why_not_editable(
        author_id=note.author_id,
        created_at=note.created_at,
        by_id=author.pk if author else None,
        now=timezone.now(),
    )
    context = {
        "form": form,
        "note": note,
        "object_url": back,
        "refusal": _(refusal) if refusal else "",
    }
    return render(request, "core/notes/note_form.html", context)


@permission_required(Permission.NOTE_WRITE)
@require_POST
def note_pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Pin a note, or unpin it."""
    note, back = _note(request, pk)
    is_pinned = request.POST.get("pinned") == "1"
    services.pin_note(note=note, is_pinned=is_pinned)
    tell_done(
        request,
        _("The note has been pinned.") if is_pinned else _("The note is no longer pinned."),
        undo=request.path,
        values={"pinned": "0" if is_pinned else "1"},
    )
    return redirect(back)
