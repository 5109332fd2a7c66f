"""What a new operator does first in its network."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Operator
from core.operators.steps import Step
from stations.hardware.models import Station
from stations.sites.models import Site


def steps(operator: Operator) -> list[Step]:
    """A site, then a station; a station stands at a site, so one query tells of both."""
    has_station = Station.objects.filter(operator=operator).exists()
    has_site = has_station or Site.objects.filter(operator=operator).exists()
    return [
        Step(_("Create the first site"), reverse("site_create"), has_site),
        Step(_("Add the first station"), reverse("station_create"), has_station),
    ]
