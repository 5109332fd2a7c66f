"""Writing sites."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.tenancy.places import current_places
from core.tenancy.today import operator_today
from core.ui.zone_names import zone_names
from stations.sites.hours import HoursError, as_stored, parse_hours
from stations.sites.hours_form import wording
from stations.sites.models import Site
from stations.sites.public_holidays import has_holidays


@transaction.atomic
def create_site(*, operator: Operator, **values: Any) -> Site:
    """Create a site; raises ValidationError for bad values, a taken name included.

    Refused for a member limited to sites, who could not see it afterwards.
    """
    if current_places() is not None:
        raise RuleViolation(
            "limited_to_sites",
            _("You work with chosen sites; a new one needs a person who works with all."),
        )
    site = Site(operator=operator, public_id=public_id("site"), **values)
    _check(site)
    site.save()
    record("site.create", site, operator_id=operator.pk, after=values)
    return site


@transaction.atomic
def change_site(*, site: Site, reason: str = "", **changes: Any) -> Site:
    """Change a site's own fields."""
    before, after = apply_changes(site, changes)
    if after:
        _check(site)
        site.save(update_fields=list(after))
        record(
            "site.change",
            site,
            operator_id=site.operator_id,
            before=before,
            after=after,
            reason=reason,
        )
    return site


@transaction.atomic
def retire_site(*, site: Site, on: date | None = None, reason: str = "") -> Site:
    """Retire a site; refused while stations are in use there."""
    if site.retired_on is not None:
        raise RuleViolation("site_retired", _("The site has been retired already."))
    if site.stations.filter(retired_on=None).exists():
        raise RuleViolation(
            "site_in_use", _("Retire or move the stations of the site before the site.")
        )
    return change_site(site=site, reason=reason, retired_on=on or operator_today())


@transaction.atomic
def reinstate_site(*, site: Site, reason: str = "") -> Site:
    """Take a retired site back into use; its stations stay as they are."""
    if site.retired_on is None:
        raise RuleViolation("site_in_use", _("The site is in use."))
    return change_site(site=site, reason=reason, retired_on=None)


def _check(site: Site) -> None:
    if site.time_zone not in zone_names():
        raise InvalidInput("time_zone", _("This is no IANA time zone."), field="time_zone")
    if site.opening_hours is not None:
        try:
            site.opening_hours = as_stored(parse_hours(site.opening_hours))
        except HoursError as error:
            raise InvalidInput("opening_hours", wording(error), field="opening_hours") from error
        if "public_holidays" in site.opening_hours and not has_holidays(site.country_code):
            raise InvalidInput(
                "no_holidays",
                _("The public holidays of this country are not known: write them as dates."),
                field="opening_hours",
            )
    site.full_clean()
