"""Whether hosts see the energy costs and margins of their sites."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from billing.energy.models import CostDisclosure
from core.audit.services import record
from stations.sites.models import Site


def shown_to_host(site_ids: Collection[int]) -> frozenset[int]:
    """Those of the sites whose host sees energy costs and margins."""
    rows = CostDisclosure.objects.filter(site_id__in=site_ids, is_shown=True).order_by()
    return frozenset(rows.values_list("site_id", flat=True))


@transaction.atomic
def show_costs_to_host(*, site: Site, is_shown: bool, reason: str = "") -> bool:
    """Let the host of a site see its energy costs and margin, or no longer; returns whether that
    is a change."""
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    row, _made = CostDisclosure.objects.get_or_create(operator_id=site.operator_id, site=site)
    if row.is_shown == is_shown:
        return False
    row.is_shown = is_shown
    row.save(update_fields=["is_shown"])
    record(
        "site.show_costs",
        site,
        operator_id=site.operator_id,
        before={"energy_costs_shown": not is_shown},
        after={"energy_costs_shown": is_shown},
        reason=reason,
    )
    return True
