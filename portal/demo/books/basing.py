"""What residents owe where nobody invoices, frozen and sent to the property manager by month."""

from __future__ import annotations

from datetime import date, datetime

from billing.sellers.models import ContractForm
from core.errors import RuleViolation
from customers.basis.models import ChargingBasis
from customers.basis.services import freeze_basis
from stations.sites.models import Site


def freeze_bases(month: date, *, at: datetime) -> bool:
    """Freeze a month of one site; False: nothing was left. What is refused stays to be done by
    hand, as the site's page says."""
    done = ChargingBasis.objects.filter(month_on__gte=month).values("site")
    sites = Site.objects.filter(site_contracts__form=ContractForm.NOT_INVOICED).exclude(pk__in=done)
    for site in sites.distinct().order_by("pk"):
        try:
            freeze_basis(site=site, month_on=month, now=at)
        except RuleViolation:
            continue
        return True
    return False
