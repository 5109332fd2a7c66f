"""Creating, changing and retiring a site."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.stale import StaleCheck
from stations.sites import services
from stations.sites.forms import SiteForm
from stations.sites.models import Site


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def site_create(request: HttpRequest) -> HttpResponse:
    """A new site."""
    form = SiteForm(posted(request))
    operator = operator_of(request)
    if request.method == "POST" and form.is_valid():
        values = form.values(form.cleaned_data)
        site = attempt(form, lambda: services.create_site(operator=operator, **values))
        if site is not None:
            messages.success(request, _("The site has been created."))
            if request.GET.get("then") == "station":
                return redirect(f"{reverse('station_create')}?site={site.public_id}")
            return redirect("site_detail", public_id=site.public_id)
    return render(request, "stations/sites/site_form.html", {"form": form, "site": None})


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def site_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a site."""
    site: Site = get_object_or_404(Site.objects.all(), public_id=public_id)
    form = SiteForm(posted(request), instance=get_object_or_404(Site.objects.all(), pk=site.pk))
    check = StaleCheck(request, form, [site])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(site, form, changes):
            messages.success(request, _("The site has been changed."))
            return redirect("site_detail", public_id=public_id)
    context = {"form": form, "site": site} | check.context()
    return render(request, "stations/sites/site_form.html", context)


def _change(site: Site, form: SiteForm, changes: dict[str, Any]) -> bool:
    values = form.values(changes)
    return attempt(form, lambda: services.change_site(site=site, **values)) is not None


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def site_retire(request: HttpRequest, public_id: str) -> HttpResponse:
    """Retire a site that has no station in use, or take it back into use."""
    site: Site = get_object_or_404(Site.objects.all(), public_id=public_id)
    retires = site.retired_on is None
    change = services.retire_site if retires else services.reinstate_site
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: change(site=site, reason=reason)) is not None:
            done = _("The site has been retired.") if retires else _("The site is in use again.")
            messages.success(request, done)
            return redirect("site_detail", public_id=public_id)
    context = {"form": form, "cancel_url": reverse("site_detail", args=[public_id])}
    return render(request, "confirm.html", context | _retire_words(site, retires))


def _retire_words(site: Site, retires: bool) -> dict[str, str]:
    if retires:
        return {
            "title": _("Retire %(site)s") % {"site": site},
            "consequence": _("The site leaves the map and the lists. Its history stays."),
            "verb": _("Retire"),
        }
    return {
        "title": _("Take %(site)s back into use") % {"site": site},
        "consequence": _("The site stands on the map and in the lists again."),
        "verb": _("Take back into use"),
    }
