"""Invoices in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from core.accounts.permissions import Permission
from core.search.sources import Hit


class InvoiceSearch:
    """Issued documents by the beginning of their number, or their reference."""

    kind = "invoice"
    label = _("Invoices")
    icon = "receipt"
    permission = Permission.INVOICE_VIEW
    list_url = "invoice_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """The newest first."""
        wanted = Q(number__istartswith=text) | Q(ocr=text.replace(" ", "")) | Q(public_id=text)
        rows = Invoice.objects.filter(wanted).select_related("account", "seller").order_by("-pk")
        return [
            Hit(
                str(one),
                f"{one.get_kind_display()} · {one.account or one.seller}",
                reverse("invoice_detail", args=[one.public_id]),
            )
            for one in rows[:most]
        ]


source = InvoiceSearch()
