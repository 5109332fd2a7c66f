"""Sessions too small to bill (pure)."""

from __future__ import annotations

from billing.rating.moments import SECOND, Number
from billing.tariffs.model import MinimumBillable


def is_too_small(minimum: MinimumBillable | None, energy_wh: Number, lasted: Number) -> bool:
    """Whether the session is below every limit that is set (``lasted`` in microseconds)."""
    if minimum is None:
        return False
    energy, seconds = minimum.energy_wh, minimum.duration_seconds
    return (energy is None or energy_wh < energy) and (seconds is None or lasted < seconds * SECOND)
