"""Lost contact: of one station beyond its pattern, and of a whole site at once (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from stations.incidents.rules.finding import Finding, Setting
from stations.incidents.rules.statuses import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """The connection of a station in use. ``is_own``: we lost it, not the station."""

    station: int
    site: int
    is_connected: bool
    lost_at: datetime | None
    heartbeat_s: int = 0
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Dark:
    """A site without contact: since when, and the stations that went with it."""

    site: int
    station: int
    since_at: datetime
    stations: tuple[int, ...]
    spread_s: int


def threshold(heartbeat_s: int, setting: Setting) -> timedelta:
    """So many heartbeats, but never less than some minutes."""
    least = setting.number("least_s")
    return timedelta(seconds=max(setting.number("heartbeats") * heartbeat_s, least))


def offline_findings(
    links: Iterable[LinkFacts], settings: Settings, now: datetime
) -> Iterator[Finding]:
    """Stations that have been away for longer than they may; our own outages are never theirs."""
    for link in links:
        if link.is_connected or link.is_own or link.lost_at is None:
            continue
        setting = settings(link.station, "offline")
        limit = threshold(link.heartbeat_s, setting)
        if not setting.is_enabled or now - link.lost_at < limit:
            continue
        yield Finding(
            rule="offline",
            kind="offline",
            station=link.station,
            since_at=link.lost_at,
            severity=setting.severity,
            facts={"threshold_s": int(limit.total_seconds())},
        )


def dark_sites(links: Iterable[LinkFacts], settings: Settings, now: datetime) -> list[Dark]:
    """Sites of which every station in use went away within a while of each other: likely the
    site's network or power, not the stations."""
    by_site: dict[int, list[LinkFacts]] = {}
    for link in links:
        by_site.setdefault(link.site, []).append(link)
    found = []
    for site, ones in sorted(by_site.items()):
        setting = settings(ones[0].station, "site_dark")
        lost = [one.lost_at for one in ones if not one.is_connected and one.lost_at]
        if not setting.is_enabled or len(ones) < setting.number("stations"):
            continue
        if len(lost) < len(ones) or any(one.is_own for one in ones):
            continue
        spread = max(lost) - min(lost)
        if spread > setting.span("within_s") or now - max(lost) < setting.span("after_s"):
            continue
        stations = tuple(sorted(one.station for one in ones))
        found.append(Dark(site, stations[0], min(lost), stations, int(spread.total_seconds())))
    return found
