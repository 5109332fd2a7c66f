"""Writing limits: what tokens, drivers and companies share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from customers.limits.models import LimitedModel
from stations.sites.models import Site


def set_sites(
    row: LimitedModel,
    wanted: Iterable[Site] | None,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """Set the sites of a saved row, noting a change in ``before`` and ``after``; None leaves."""
    if wanted is None:
        return
    sites = sorted(wanted, key=lambda site: site.pk)
    present = list(row.allowed_sites.order_by("pk"))
    if sites != present:
        before["allowed_sites"] = [site.public_id for site in present]
        after["allowed_sites"] = [site.public_id for site in sites]
        row.allowed_sites.set(sites)
