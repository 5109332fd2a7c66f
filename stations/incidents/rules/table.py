"""The rules with their usual settings (pure). Times in seconds, shares from 0 to 1."""

from __future__ import annotations

from typing import Final

from stations.incidents.rules.finding import Default

DEFAULTS: Final[dict[str, Default]] = {
    one.code: one
    for one in (
        Default("safety", "safety", "p1"),
        Default("faulted", "faulted", "p2", {"after_s": 0}),
        Default("vehicle_fault", "faulted", "p3", {"after_s": 600}),
        Default("temperature", "temperature", "p2", {"after_s": 0}),
        Default("unavailable", "unavailable", "p3", {"after_s": 600}),
        Default("stuck", "stuck", "p3", {"preparing_s": 43_200, "no_session_s": 3_600}),
        Default("offline", "offline", "p2", {"heartbeats": 2, "least_s": 600}),
        Default("site_dark", "site_dark", "p1", {"after_s": 120, "within_s": 600, "stations": 2}),
        Default("boot_loop", "boot_loop", "p2", {"times": 5, "within_s": 3_600}),
        Default(
            "zero_energy",
            "zero_energy",
            "p2",
            {"in_a_row": 3, "drivers": 2, "alpha": 0.005, "energy_wh": 100},
        ),
        Default("stop_reason", "stop_reason", "p3", {"in_a_row": 3, "drivers": 2}),
        Default("refused", "refused", "p3", {"in_a_row": 5, "tokens": 3, "within_s": 86_400}),
        Default("meter", "meter", "p3", {"in_a_row": 3}),
        Default("clock", "clock", "p4", {"in_a_row": 3}),
        Default("low_power", "low_power", "p3", {"sessions": 8, "share": 0.4, "drop": 0.5}),
        Default("security", "security", "p3", {"within_s": 86_400}),
        Default("certificate", "certificate", "p3", {"days": 30}),
        Default("silent", "silent", "p3", {"alpha": 0.001, "days": 90, "sessions": 20}),
    )
}
