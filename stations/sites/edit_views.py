"""Creating, changing and retiring a site."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from stations.sites import services
from stations.sites.forms import SiteForm
from stations.sites.models import Site


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def site_create(request: HttpRequest) -> HttpResponse:
    """A new site."""
    form = SiteForm(posted(request))
    operator = request.operator  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        site = attempt(form, lambda: services.create_site(operator=operator, **form.cleaned_data))
        if site is not None:
            messages.success(request, _("The site has been created."))
            return redirect("site_detail", public_id=site.public_id)
    return render(request, "stations/sites/site_form.html", {"form": form, "site": None})


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def site_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a site."""
    site: Site = get_object_or_404(Site.objects.all(), public_id=public_id)
    form = SiteForm(posted(request), instance=get_object_or_404(Site.objects.all(), pk=site.pk))
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, lambda: services.change_site(site=site, **form.cleaned_data))
        if changed is not None:
            messages.success(request, _("The site has been changed."))
            return redirect("site_detail", public_id=public_id)
    return render(request, "stations/sites/site_form.html", {"form": form, "site": site})


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def site_retire(request: HttpRequest, public_id: str) -> HttpResponse:
    """Retire a site that has no station in use."""
    site: Site = get_object_or_404(Site.objects.all(), public_id=public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.retire_site(site=site, reason=reason)) is not None:
            messages.success(request, _("The site has been retired."))
            return redirect("site_detail", public_id=public_id)
    context = {
        "title": _("Retire %(site)s") % {"site": site},
        "consequence": _("The site leaves the map and the lists. Its history stays."),
        "verb": _("Retire"),
        "form": form,
        "cancel_url": reverse("site_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
