"""Who of the host's people sees a site, and what they see of its costs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from billing.energy.disclosure import show_costs_to_host, shown_to_host
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.models import Membership
from core.accounts.permissions import Permission, Role
from core.forms import posted
from stations.sites.models import MembershipSite, Site
from stations.sites.selectors import sites


class CostsForm(forms.Form):
    """Whether the host sees energy costs and margin, and why."""

    is_shown = forms.BooleanField(
        label=gettext_lazy("The host sees energy costs and margin"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept with your name in the audit trail."),
    )


def hosts_of(site: Site) -> QuerySet[Membership]:
    """Members of the role of hosts who see the site, by name."""
    seen = MembershipSite.objects.filter(site=site).order_by()
    rows: QuerySet[Membership] = Membership.objects.filter(
        role=Role.HOST, pk__in=seen.values("membership_id")
    ).select_related("user")
    return rows.order_by("user__name", "user__email", "pk")


@permission_required(Permission.ACCOUNT_VIEW)
@require_http_methods(["GET", "POST"])
def site_hosts(request: HttpRequest, public_id: str) -> HttpResponse:
    """The host's people at a site; POST says whether they see costs and margin."""
    site: Site = get_object_or_404(sites(), public_id=public_id)
    may_edit = has_permission(request, Permission.SELLER_EDIT)
    initial: dict[str, Any] = {"is_shown": site.pk in shown_to_host([site.pk])}
    form = CostsForm(posted(request), initial=initial)
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied(_("Your role may not do this."))
        if form.is_valid():
            show_costs_to_host(site=site, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("site_hosts", public_id=public_id)
    context = {
        "site": site,
        "hosts": hosts_of(site),
        "form": form,
        "is_shown": initial["is_shown"],
        "may_edit": may_edit,
        "may_invite": has_permission(request, Permission.PEOPLE_MANAGE),
    }
    return render(request, "hosts/site_hosts.html", context)
