"""Where nobody invoices by the site contract (setting ``UNINVOICED_PLACES``)."""

from __future__ import annotations

from collections.abc import Collection

from billing.review.uninvoiced import Place
from billing.sellers.models import ContractForm, SiteContract


class ByContract:
    """Sites whose contract of the day says that nobody invoices."""

    def among(self, places: Collection[Place]) -> Collection[Place]:
        """One query."""
        rows = SiteContract.objects.filter(
            form=ContractForm.NOT_INVOICED, site_id__in={site for site, _on in places}
        )
        held: dict[int, list[SiteContract]] = {}
        for row in rows:
            held.setdefault(row.site_id, []).append(row)
        return {
            (site, on) for site, on in places if any(c.holds_on(on) for c in held.get(site, ()))
        }
