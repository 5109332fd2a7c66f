"""The public status page of a site, and its settings."""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.forms import attempted, moment_widget, posted
from core.tenancy.places import limited_to
from core.tenancy.scopes import operator_scope
from stations.maintenance import status_pages
from stations.maintenance.known_faults import known_faults
from stations.maintenance.status_models import SiteStatusPage
from stations.sites.models import Site
from stations.sites.selectors import sites


class StatusPageForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Who may see it, and what stands above."""

    has_new_code = forms.BooleanField(
        label=gettext_lazy("Give it a new address"),
        required=False,
        help_text=gettext_lazy("The address before leads nowhere from then on."),
    )

    class Meta:
        model = SiteStatusPage
        fields = ("is_public", "notice", "notice_until_at")
        widgets = {"notice_until_at": moment_widget()}

    def _post_clean(self) -> None:
        """Leave the row to the service."""


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def site_status_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Settings of a site's public page."""
    site: Site = get_object_or_404(sites(), public_id=public_id)
    page = status_pages.page_of(site)
    form = StatusPageForm(posted(request), instance=page)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(form, lambda: status_pages.change_page(site=site, **values)):
            messages.success(request, _("Saved."))
            return redirect("site_status_page", public_id=public_id)
    url = status_pages.status_url(page) if page.pk and page.is_public else ""
    context = {"site": site, "form": form, "url": url, "faults": known_faults(site)}
    return render(request, "stations/maintenance/site_status_page.html", context)


@never_cache
@require_safe
def site_status(request: HttpRequest, code: str) -> HttpResponse:
    """What works at a site now, for everybody; 404 where nobody may see it."""
    page = status_pages.public_page(code.lower())
    if page is None:
        raise Http404
    # No right of a member reaches into this page, whoever the reader is elsewhere.
    request.membership, request.operator = None, page.operator  # type: ignore[attr-defined]  # set by the middleware
    zone = ZoneInfo(page.site.time_zone)
    with operator_scope(page.operator), limited_to(None), timezone.override(zone):
        evses = status_pages.evses_at(page.site)
        states = Counter("offline" if one.is_away else one.status for one in evses)
        context = {
            "page": page,
            "operator": page.operator,
            "site": page.site,
            "evses": evses,
            "free": states["available"],
            "faults": known_faults(page.site),
            "now": timezone.now(),
        }
        return render(request, "stations/maintenance/site_status.html", context)
