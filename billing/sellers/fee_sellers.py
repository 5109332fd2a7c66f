"""Who may bill fees (``FEE_SELLERS``)."""

from __future__ import annotations

from billing.sellers.models import Seller


class OperatorSellers:
    """The sellers in use of the operator in scope."""

    def choices(self) -> list[tuple[str, str]]:
        """Public id and name, the default one first."""
        rows = Seller.objects.filter(retired_on=None).order_by("-is_default", "name", "id")
        return list(rows.values_list("public_id", "name"))

    def name(self, ref: str) -> str:
        """What a seller is called, be it retired."""
        found = Seller.objects.filter(public_id=ref).values_list("name", flat=True).first()
        return str(found or "")
