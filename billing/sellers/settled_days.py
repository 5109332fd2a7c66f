"""The door for who settles what nobody invoices (setting ``SETTLED_DAYS``): such days keep their
contract, so that no invoice takes them once more."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from core.plugins import plugged
from stations.sites.models import Site


class SettledDays(Protocol):
    """Whoever settles sessions of sites where nobody invoices."""

    def until(self, site: Site) -> date | None:
        """The last day at the site that is settled; None: none yet."""
        ...


def settled_until(site: Site) -> date | None:
    """The last day that somebody has settled."""
    sources: tuple[SettledDays, ...] = plugged("SETTLED_DAYS")
    found = [day for source in sources if (day := source.until(site)) is not None]
    return max(found, default=None)
