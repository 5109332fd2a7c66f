"""The page where planned stations become stations of the network."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.models import User
from core.accounts.permissions import Permission
from core.forms import attempt, posted
from planning.building import services
from planning.building.credentials import COLUMNS, credentials_of
from planning.building.forms import TAKEN, AddStationsForm
from planning.building.selectors import planned_of, proposed_identities
from planning.building.services import Added, Wanted
from stations.sites.models import Site


@permission_required(Permission.NETWORK_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def site_add_planned(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask what has come and what it is called; then make it and show the passwords, this once.

    Sent again it makes nothing more: it shows what it made.
    """
    site = get_object_or_404(Site, public_id=public_id)
    rows = list(planned_of(site))
    built = [one for one in rows if one.built_at and f"{TAKEN}{one.public_id}" in request.POST]
    left = [one for one in rows if one.built_at is None]
    form = AddStationsForm(
        posted(request), rows=left, identities=proposed_identities(site, len(left))
    )
    again = [Wanted(one.public_id, "") for one in built]
    if request.method == "POST" and (again or form.is_valid()):
        wanted = again or form.wanted()
        version = str(form.data.get("version") or "1.6")
        profile = 1 if again else form.cleaned_data["security_profile"]
        added = attempt(
            form,
            lambda: services.add_stations(
                site=site,
                wanted=wanted,
                version=version,
                security_profile=profile,
                by=request.user if isinstance(request.user, User) else None,
            ),
        )
        if added is not None:
            return _added(request, site, added)
    context = {"site": site, "form": form, "left": left}
    return render(request, "planning/building/add_planned.html", context)


def _added(request: HttpRequest, site: Site, added: Sequence[Added]) -> HttpResponse:
    rows = [{**credentials_of(one), "of": one} for one in added]
    if "csv" in request.POST:
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="stations-{site.public_id}.csv"'
        answer.write("\N{BYTE ORDER MARK}")
        writer = csv.DictWriter(answer, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        return answer
    context = {
        "site": site,
        "rows": rows,
        "is_secret": any(one.secret for one in added),
        "is_gone": any(one.secret is None for one in added),
        "left": sum(one.built_at is None for one in planned_of(site)),
    }
    return render(request, "planning/building/added.html", context)
