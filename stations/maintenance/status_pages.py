"""Switching public status pages on and off, and what they show."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.audit.services import record
from core.changes import apply_changes
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators
from stations.hardware import fleet
from stations.maintenance.status_models import SiteStatusPage, new_code
from stations.sites.models import Site


def page_of(site: Site) -> SiteStatusPage:
    """The page of a site; a fresh one that nobody sees where none was made."""
    found: SiteStatusPage | None = SiteStatusPage.objects.filter(site=site).first()
    return found or SiteStatusPage(operator_id=site.operator_id, site=site)


@transaction.atomic
def change_page(*, site: Site, has_new_code: bool = False, **values: Any) -> SiteStatusPage:
    """Change what is given; ``has_new_code``: the address before leads nowhere from now on.
    Refused for a retired site."""
    if site.retired_on is not None:
        raise RuleViolation("site_retired", _("The site has been retired."))
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    page = page_of(site)
    if has_new_code:
        values["code"] = new_code()
    before, after = apply_changes(page, values)
    if not page._state.adding and not after:
        return page
    page.full_clean(exclude=["operator"])
    page.save()
    shown = {name: str(value) for name, value in after.items()}
    record(
        "status_page.change",
        site,
        operator_id=site.operator_id,
        before={name: str(value) for name, value in before.items()},
        after=shown,
    )
    return page


def public_page(code: str) -> SiteStatusPage | None:
    """The page that a code names, if anybody may see it."""
    with across_operators("the address of a status page names its operator"):
        found: SiteStatusPage | None = (
            SiteStatusPage.objects.select_related("operator", "site")
            .filter(code=code, is_public=True, operator__is_active=True, site__retired_on=None)
            .first()
        )
    return found


def status_url(page: SiteStatusPage) -> str:
    """Where everybody finds it."""
    return settings.PUBLIC_URL + reverse("site_status", args=[page.code])


def evses_at(site: Site) -> list[Any]:
    """EVSEs in use with their state now."""
    return list(fleet.evses().filter(station__site=site).prefetch_related("connectors")[:300])
