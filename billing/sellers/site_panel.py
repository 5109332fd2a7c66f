"""Who sells at a site, on its page (``SITE_PANELS``)."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.accounts.dated import operator_day
from billing.sellers.selectors import seller_of
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.panels import Panel
from stations.sites.models import Site


class SellerPanel:
    """The seller of today, the contract's form, and the way to both."""

    def panel(self, request: HttpRequest, site: Site) -> Panel | None:
        """Nothing for readers who may not see sellers."""
        if not has_permission(request, Permission.ACCOUNT_VIEW):
            return None
        found = seller_of([site.pk], operator_day(operator_of(request)))[site.pk]
        content = {"site": site, "seller": found.seller, "contract": found.contract}
        return Panel(_("Who sells"), "billing/sellers/_site_panel.html", content)


source = SellerPanel()
