"""What energy costs in the next two hours, on the page where a customer starts charging."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from billing.rating.coming import coming_lines, coming_prices
from billing.rating.pricing import tariff_of
from billing.rating.session_facts import NotRateable
from billing.tariffs.model import TariffError
from billing.tariffs.models import TariffVersion
from customers.selfservice.session_page import reader_language
from stations.sites.models import Site


def coming_energy(version: TariffVersion | None, site: Site, now: datetime) -> Sequence[str]:
    """The price of a kWh, quarter by quarter, where it follows the spot price; else nothing."""
    try:
        tariff = tariff_of(version).tariff
    except (NotRateable, TariffError, ValueError):
        return ()
    zone = site.time_zone
    found = coming_prices(tariff, operator_id=site.operator_id, zone=zone, now=now)
    return coming_lines(found, tariff, reader_language(), zone)
