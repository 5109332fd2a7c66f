"""How memory grows while work goes on: samples, and the line through them."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any, Final

SAMPLES: Final = 10
FLAT_MIB: Final = 16.0
"""Growth over a million sessions that still counts as flat."""


def resident_mib(pid: int | str = "self") -> float:
    """Memory of a process that nobody shares with it (a session of PostgreSQL touches more and
    more of the shared buffers); ours after what is garbage has been collected."""
    if pid == "self":
        gc.collect()
    resident, shared = Path(f"/proc/{pid}/statm").read_text().split()[1:3]
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE") / 2**20


def growth(samples: list[tuple[int, float]]) -> dict[str, Any]:
    """Samples of (sessions so far, MiB), the first fifth left out as warming up; the slope is the
    least squares line's, for a million sessions."""
    settled = samples[len(samples) // 5 :]
    mean_x = sum(x for x, _y in settled) / len(settled)
    mean_y = sum(y for _x, y in settled) / len(settled)
    spread = sum((x - mean_x) ** 2 for x, _y in settled)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in settled) / spread if spread else 0.0
    return {
        "sessions": samples[-1][0],
        "mib": [round(y, 1) for _x, y in samples],
        "mib_a_million_sessions": round(slope * 1e6, 1),
        "is_flat": slope * 1e6 <= FLAT_MIB or settled[-1][1] - settled[0][1] < 1.0,
    }
