"""Work orders in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.search.sources import Hit
from stations.maintenance.selectors import orders


class OrderSearch:
    """Work orders by number, id, the number of the case that they came from, or their title."""

    kind = "work-order"
    label = _("Work orders")
    icon = "tool"
    permission = Permission.ORDER_VIEW
    list_url = "order_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """The newest first."""
        named = Q(public_id=text) | Q(source_ref=text)
        number = text.lstrip("#")
        if number.isdecimal() and len(number) < 10:
            named |= Q(number=int(number))
        if len(text) >= 3:
            named |= Q(title__icontains=text)
        return [
            Hit(str(one), one.site.name, reverse("order_detail", args=[one.public_id]))
            for one in orders().prefetch_related(None).filter(named)[:most]
        ]


source = OrderSearch()
