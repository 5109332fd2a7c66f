"""Pages of firmware: what runs where, and the files."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.audit.services import record
from core.confirming import Question, confirm
from core.files.serving import file_response
from core.forms import attempt, posted
from core.lists.views import list_view
from stations.firmware import images, selectors
from stations.firmware.forms import ImageForm
from stations.firmware.lists import IMAGES
from stations.hardware.models import Station

firmware_list = list_view(IMAGES)


@permission_required(Permission.FIRMWARE_VIEW)
@require_safe
def firmware_inventory(request: HttpRequest) -> HttpResponse:
    """Every version of every model with how many stations run it."""
    rows = selectors.inventory(today=timezone.localdate())
    context = {
        "rows": rows,
        "stations": sum(row.stations for row in rows),
        "wanted": sum(row.stations for row in rows if row.standing == "wanted"),
        "other": sum(row.stations for row in rows if row.standing == "other"),
        "unknown": sum(row.stations for row in rows if row.standing == "unknown"),
        "can_edit": has_permission(request, Permission.FIRMWARE_EDIT),
        "may_report": has_permission(request, Permission.REPORT_VIEW),
    }
    return render(request, "stations/firmware/inventory.html", context)


@permission_required(Permission.FIRMWARE_EDIT)
@require_http_methods(["GET", "POST"])
def firmware_create(request: HttpRequest) -> HttpResponse:
    """Add a version of a model's firmware."""
    files = request.FILES if request.method == "POST" else None
    form = ImageForm(posted(request), files, initial={"hardware_model": request.GET.get("model")})
    operator = operator_of(request)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        made = attempt(form, lambda: images.add_image(operator=operator, **values))
        if made is not None:
            messages.success(request, _("The firmware has been added."))
            return redirect("firmware_detail", public_id=made.public_id)
    return render(request, "stations/firmware/image_form.html", {"form": form})


@permission_required(Permission.FIRMWARE_VIEW)
@require_safe
def firmware_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One version: where it is, what is known of it, who runs it, its campaigns."""
    image = selectors.image_or_404(public_id)
    of_model = Station.objects.filter(hardware_model=image.hardware_model, retired_on=None)
    context = {
        "image": image,
        "running": of_model.filter(firmware_version__iexact=image.version).count(),
        "stations": of_model.count(),
        "campaigns": selectors.campaigns().filter(image=image)[:50],
        "can_edit": has_permission(request, Permission.FIRMWARE_EDIT),
    }
    return render(request, "stations/firmware/image_detail.html", context)


@permission_required(Permission.FIRMWARE_EDIT)
@require_safe
def firmware_content(request: HttpRequest, public_id: str) -> HttpResponse:
    """The uploaded file itself."""
    image = selectors.image_or_404(public_id)
    if not image.path:
        raise Http404(_("The file is no longer there."))
    response = file_response(
        image.path, content_type="application/octet-stream", name=image.file_name, inline=False
    )
    record("firmware.download", image, operator_id=image.operator_id)
    return response


@permission_required(Permission.FIRMWARE_EDIT)
@require_http_methods(["GET", "POST"])
def firmware_want(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make it the version that the model's stations should have."""
    image = selectors.image_or_404(public_id)
    question = Question(
        title=_("Want %(firmware)s") % {"firmware": image},
        consequence=_(
            "The inventory shows which stations run another one. Nothing is sent to stations: a "
            "campaign does that."
        ),
        verb=_("Want this version"),
        done=_("This version is wanted now."),
    )
    return confirm(
        request,
        question,
        lambda reason: images.want_image(image=image, reason=reason),
        back_url=reverse("firmware_detail", args=[public_id]),
    )


@permission_required(Permission.FIRMWARE_EDIT)
@require_http_methods(["GET", "POST"])
def firmware_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """No longer offer a version."""
    image = selectors.image_or_404(public_id)
    question = Question(
        title=_("Withdraw %(firmware)s") % {"firmware": image},
        consequence=_("No new campaign can use it. Stations that run it keep it."),
        verb=_("Withdraw"),
        done=_("The firmware has been withdrawn."),
    )
    return confirm(
        request,
        question,
        lambda reason: images.withdraw_image(image=image, reason=reason),
        back_url=reverse("firmware_detail", args=[public_id]),
    )
