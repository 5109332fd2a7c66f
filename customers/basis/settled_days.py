"""Days that a charging basis has taken (``SETTLED_DAYS``)."""

from __future__ import annotations

from datetime import date

from customers.basis.selectors import frozen_until
from stations.sites.models import Site


class FrozenDays:
    """Up to the end of the last month that is frozen."""

    def until(self, site: Site) -> date | None:
        """One query."""
        return frozen_until(site)


source = FrozenDays()
