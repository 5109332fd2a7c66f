"""How a technician gets to the stations of a site: keeping it, and its form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.audit.services import record
from core.changes import apply_changes
from core.forms import attempted, posted
from stations.maintenance.partner_models import SiteAccess
from stations.sites.models import Site
from stations.sites.selectors import sites


def access_of(site: Site) -> SiteAccess:
    """What is known of a site; an empty row where nobody wrote anything."""
    found: SiteAccess | None = SiteAccess.objects.filter(site=site).first()
    return found or SiteAccess(operator_id=site.operator_id, site=site)


@transaction.atomic
def change_access(*, site: Site, **values: Any) -> SiteAccess:
    """Change what is given."""
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    row = access_of(site)
    before, after = apply_changes(row, values)
    if after:
        row.full_clean(exclude=["operator"])
        row.save()
        record("site_access.change", site, operator_id=site.operator_id, before=before, after=after)
    return row


class SiteAccessForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Gates, keys, whom to call."""

    class Meta:
        model = SiteAccess
        fields = ("notes", "contact_name", "contact_phone")
        widgets = {"notes": forms.Textarea(attrs={"rows": 5})}

    def _post_clean(self) -> None:
        """Leave the row to the service."""


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def site_access(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say how to get in."""
    site: Site = get_object_or_404(sites(), public_id=public_id)
    form = SiteAccessForm(posted(request), instance=access_of(site))
    if (
        request.method == "POST"
        and form.is_valid()
        and attempted(form, lambda: change_access(site=site, **form.cleaned_data))
    ):
        messages.success(request, _("Saved."))
        return redirect("site_detail", public_id=public_id)
    context = {
        "title": _("Access to %(site)s") % {"site": site},
        "consequence": _("Whoever has an order here reads it, technicians of partners too."),
        "verb": _("Save"),
        "form": form,
        "cancel_url": reverse("site_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
