"""Files of one object: adding, handing out, deleting."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.models import User
from core.accounts.permissions import Permission
from core.attachments import services
from core.attachments.forms import FileForm
from core.attachments.models import Attachment, AttachmentKind
from core.attachments.selectors import files_about
from core.errors import RuleViolation
from core.files.serving import file_response
from core.forms import ReasonForm, attempt
from core.objects.find import find_object, object_behind
from core.objects.kinds import ObjectKind


def _allowed(request: HttpRequest, kind: ObjectKind) -> None:
    if not kind.has_files:
        raise Http404(_("Nothing can be attached to this."))
    if not has_permission(request, kind.view):
        raise PermissionDenied(_("Your role may not do this."))


@permission_required(Permission.NETWORK_VIEW)
@require_http_methods(["GET", "POST"])
def file_page(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """All files about an object; POST adds one."""
    found, instance = find_object(kind, ref)
    _allowed(request, found)
    may_edit = has_permission(request, Permission.FILE_EDIT)
    form = FileForm(may_share=found.shares_files)
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied(_("Your role may not do this."))
        form = FileForm(request.POST, request.FILES, may_share=found.shares_files)
        if form.is_valid():
            added = attempt(
                form,
                lambda: services.add_file(
                    instance=instance,
                    operator_id=instance.operator_id,
                    upload=form.cleaned_data["file"],
                    caption=form.cleaned_data["caption"],
                    is_shared=form.cleaned_data.get("is_shared", False),
                    by=request.user if isinstance(request.user, User) else None,
                ),
            )
            if added is not None:
                messages.success(request, _("The file has been added."))
                return redirect(found.url(instance))
    context = {
        "kind": found,
        "instance": instance,
        "object_url": found.url(instance),
        "form": form,
        "files": files_about(instance)[: services.MOST_FILES],
        "may_edit": may_edit,
        "may_share": found.shares_files,
    }
    return render(request, "core/attachments/file_page.html", context)


def _attachment(request: HttpRequest, public_id: str) -> tuple[Attachment, str]:
    """The file, if its object is there and may be seen, and the object's page."""
    attachment: Attachment = get_object_or_404(Attachment.objects.all(), public_id=public_id)
    behind = object_behind(attachment.object_type, attachment.object_id)
    if behind is None:
        raise Http404(_("There is no such object."))
    kind, instance = behind
    _allowed(request, kind)
    return attachment, kind.url(instance)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def file_content(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file itself: a photo to look at, a document to download."""
    attachment, _url = _attachment(request, public_id)
    return file_response(
        attachment.path,
        content_type=attachment.content_type,
        name=attachment.name,
        inline=attachment.kind == AttachmentKind.PHOTO,
    )


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def file_thumbnail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A photo made small."""
    attachment, _url = _attachment(request, public_id)
    if not attachment.thumbnail_path:
        raise Http404(_("There is no picture of it."))
    return file_response(
        attachment.thumbnail_path, content_type="image/jpeg", name=attachment.name, inline=True
    )


@permission_required(Permission.FILE_EDIT)
@require_POST
def file_share(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a file to the customer that it is about (``is_shared=1``), or no longer."""
    attachment, back = _attachment(request, public_id)
    is_shared = request.POST.get("is_shared") == "1"
    try:
        services.share_file(attachment=attachment, is_shared=is_shared)
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
        return redirect(back)
    said = _("The customer sees it now.") if is_shared else _("The customer no longer sees it.")
    messages.success(request, said)
    return redirect(back)


@permission_required(Permission.FILE_EDIT)
@require_http_methods(["GET", "POST"])
def file_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete a file, with a reason."""
    attachment, back = _attachment(request, public_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.delete_file(attachment=attachment, reason=form.cleaned_data["reason"])
        messages.success(request, _("The file has been deleted."))
        return redirect(back)
    context = {
        "title": _("Delete %(file)s") % {"file": attachment},
        "consequence": _("The file is gone for good. Its name stays in the audit trail."),
        "verb": _("Delete"),
        "form": form,
        "cancel_url": back,
    }
    return render(request, "confirm.html", context)
