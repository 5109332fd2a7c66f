"""Reading planned stations."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet
from django.utils.text import slugify

from planning.building.models import PlannedStation
from stations.hardware.models import Station
from stations.sites.models import Site

STEM: Final = 36
"""Letters of a site's name that begin a proposed identity."""


def planned_of(site: Site) -> QuerySet[PlannedStation]:
    """All that is planned for a site, built or not."""
    rows: QuerySet[PlannedStation] = PlannedStation.objects.filter(site=site)
    return rows.select_related("station", "site").order_by("number")


def proposed_identities(site: Site, count: int) -> list[str]:
    """Socket identities after the site's name that no own station has."""
    stem = (slugify(site.name)[:STEM] or site.public_id).strip("-").upper()
    used = Station.objects.filter(identity__istartswith=f"{stem}-")
    taken = {str(one).upper() for one in used.values_list("identity", flat=True)}
    numbers = range(1, count + len(taken) + 1)
    free = [name for number in numbers if (name := f"{stem}-{number}") not in taken]
    return free[:count]
