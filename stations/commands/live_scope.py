"""Which live topics a member limited to sites may hear (plugged in by LIVE_SCOPE)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from stations.commands.models import Command
from stations.hardware.models import Station
from stations.sessions.models import Session


class SiteTopics:
    """Topics end in a key of a row; the row must be of the sites in scope."""

    def visible(self, topics: Collection[str]) -> set[str]:
        """Those of ``topics`` that are about rows in scope; a kind not known here is not."""
        by_kind: dict[str, list[str]] = {}
        for topic in topics:
            kind, _dot, key = topic.partition(".")
            by_kind.setdefault(kind, []).append(key)
        found: set[str] = set()
        for kind, keys in by_kind.items():
            found.update(f"{kind}.{key}" for key in _present(kind, keys))
        return found

    def network(self) -> list[str]:
        """What stands for the whole network: the stations in scope."""
        keys = Station.objects.order_by("pk").values_list("pk", flat=True)
        return [f"station.{pk}" for pk in keys]


def _present(kind: str, keys: list[str]) -> Iterable[str]:
    if kind in ("station", "journal"):
        return map(str, Station.objects.filter(pk__in=keys).values_list("pk", flat=True))
    if kind == "session":
        return map(str, Session.objects.filter(pk__in=keys).values_list("pk", flat=True))
    if kind == "command":
        return Command.objects.filter(public_id__in=keys).values_list("public_id", flat=True)
    return ()
