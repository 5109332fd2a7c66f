"""How the energy of each need spreads over the hours of a day (pure).

Shares of local hours 0 to 23: who cannot charge at home comes after work and leaves the car over
the evening; stays follow opening hours; trips peak at midday and in the afternoon.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from planning.layers.facts import Numbers

HOME, STAY, TRIP = "home", "stay", "trip"
NEEDS: Final = (HOME, STAY, TRIP)

_SHAPES: Final = {
    HOME: (2, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3, 3, 4, 6, 9, 10, 10, 9, 8, 6, 4, 3),
    STAY: (0, 0, 0, 0, 0, 0, 1, 3, 5, 7, 9, 10, 10, 9, 9, 9, 9, 8, 5, 3, 2, 1, 0, 0),
    TRIP: (1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 7, 8, 8, 8, 8, 8, 8, 7, 6, 5, 3, 2, 1, 1),
}
PROFILES: Final[Numbers] = np.array(
    [[part / sum(_SHAPES[need]) for part in _SHAPES[need]] for need in NEEDS]
)
"""One row a need, one column an hour; rows add up to 1."""
