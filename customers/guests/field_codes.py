"""What the codes on connectors stand for, to who works on site (``CONNECTOR_CODES``)."""

from __future__ import annotations

from customers.guests.models import GuestCode


class GuestCodes:
    """The codes that guests scan lead a technician to the order of the same station."""

    def evse_of(self, code: str) -> int | None:
        """The key of the EVSE in scope; None for a code that is not there."""
        rows = GuestCode.objects.filter(code=code)
        found: int | None = rows.values_list("connector__evse_id", flat=True).first()
        return found


source = GuestCodes()
