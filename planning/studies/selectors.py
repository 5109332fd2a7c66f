"""Reading studies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from planning.layers.marks import radius
from planning.studies.afir import too_long
from planning.studies.choices import OVER, Objective
from planning.studies.drawing import Drawing, drawings
from planning.studies.models import Study, StudySite
from planning.studies.parameters import parameters_from
from planning.studies.phases import Built, Phase, phases_of
from planning.studies.roads import CORE
from planning.studies.words import EASES, NETWORKS, TRIALS, dates_text

CASES: Final = ("low", "middle", "high")


def studies() -> QuerySet[Study]:
    """All in scope."""
    rows: QuerySet[Study] = Study.objects.all()
    return rows


def is_over(study: Study) -> bool:
    """Whether nothing more will happen."""
    return study.state in OVER


def went_on_from(study: Study) -> Study | None:
    """The study whose plan this one began with."""
    return study.follows if parameters_from(study.parameters).goes_on_from else None


def is_better(study: Study) -> bool:
    """Whether it found a better plan than that one, by more than errors of rounding."""
    earlier = went_on_from(study)
    if earlier is None or earlier.objective_value is None or study.objective_value is None:
        return False
    gain = study.objective_value - earlier.objective_value
    if study.objective == Objective.TRAVEL:
        gain = -gain
    return gain > 1e-9 * abs(earlier.objective_value)


@dataclass(frozen=True, slots=True)
class ShownSite:
    """A chosen site with its figures at hand."""

    row: StudySite
    total_kwh: float

    @property
    def worth(self) -> dict[str, Any]:
        """Size and money."""
        found: dict[str, Any] = self.row.figures.get("worth", {})
        return found

    @property
    def money(self) -> dict[str, dict[str, Any]]:
        """Low, middle and high, with amounts as numbers."""
        return {
            name: {
                **case,
                "invested": Decimal(case["invested"]),
                "npv": Decimal(case["npv"]),
                "irr": None if case["irr"] is None else float(case["irr"]),
                "payback_years": case["payback_years"] and float(case["payback_years"]),
            }
            for name in CASES
            if (case := self.worth.get("money", {}).get(name))
        }

    @property
    def middle(self) -> dict[str, Any]:
        """The middle case."""
        return self.money.get("middle", {})

    @property
    def gets_mwh(self) -> float:
        """What it sells, MWh a year."""
        return float(self.row.gets_kwh) / 1000

    @property
    def adds_share(self) -> float:
        """What it adds, as a share of all demand."""
        return self.row.adds_kwh / self.total_kwh if self.total_kwh else 0.0

    @property
    def stays(self) -> dict[str, Any]:
        """Under how many other assumptions it is chosen again."""
        found = self.row.figures.get("stays", {})
        return {**found, "away": [TRIALS.get(name, name) for name in found.get("away", [])]}

    @property
    def neighbours(self) -> Sequence[dict[str, Any]]:
        """Candidates nearby that were not chosen."""
        found: Sequence[dict[str, Any]] = self.row.figures.get("neighbours", ())
        return found


def sites_of(study: Study) -> list[ShownSite]:
    """The plan, ranked."""
    total = study.result.get("total_kwh", 0.0)
    left = Count("site__planned_stations", filter=Q(site__planned_stations__built_at=None))
    rows = study.sites.select_related("site").annotate(planned_left=left).order_by("rank")
    return [ShownSite(row, total) for row in rows]


def shares_of(study: Study) -> dict[str, float]:
    """What is reached before and after, as shares of all demand."""
    total = study.result.get("total_kwh") or 0.0
    return {
        name: study.result.get(f"{name}_kwh", 0.0) / total if total else 0.0
        for name in ("before", "after")
    }


def marks_shown(study: Study, shown: Sequence[ShownSite]) -> list[dict[str, Any]]:
    """What the map shows: demand by what is reached with the plan, above it the sites."""
    dots = study.result.get("dots", [])
    most = max((one[2] for one in dots), default=0.0)
    marks = [
        {
            "name": _reached(was, now),
            "longitude": longitude,
            "latitude": latitude,
            "radius": radius(kwh, most),
            "number": round(kwh),
            "tone": "ok" if was > 0.999 else "active" if now > was else "idle",
        }
        for longitude, latitude, kwh, was, now in dots
    ]
    return marks + [
        {
            "name": _("%(rank)d. %(name)s") % {"rank": one.row.rank, "name": one.row.label},
            "longitude": one.row.longitude,
            "latitude": one.row.latitude,
            "radius": 9,
            "tone": "bad",
            "url": f"#site-{one.row.rank}",
        }
        for one in shown
    ]


def _reached(was: float, now: float) -> str:
    if was > 0.999:
        return _("Reached today")
    if now > was:
        return _("Reached with the plan")
    return _("Not reached") if not now else _("Reached in part")


def drawings_of(study: Study, shown: Sequence[ShownSite]) -> tuple[Drawing | None, Drawing | None]:
    """The plan before and after; None of a study that kept no demand to draw."""
    dots = study.result.get("dots", [])
    if not dots:
        return None, None
    sites = [(one.row.longitude, one.row.latitude) for one in shown]
    return drawings(dots, sites)


def phases_shown(study: Study, shown: Sequence[ShownSite]) -> list[Phase]:
    """The plan by years, where so many sites a year are asked for."""
    built = [
        Built(one.row.label, one.row.adds_kwh, one.middle.get("invested", Decimal(0)))
        for one in shown
    ]
    return phases_of(
        built,
        parameters_from(study.parameters).sites_per_year,
        study.result.get("before_kwh", 0.0),
        study.result.get("total_kwh", 0.0),
    )


def roads_shown(study: Study) -> list[dict[str, Any]]:
    """Each road by direction against the distance, in words."""
    return [
        {
            **way,
            "network": NETWORKS.get(way.get("network", CORE), "")
            if way.get("is_told")
            else _("Core network, not told"),
            "towards": way.get("towards") or "–",
            "dates": dates_text(way.get("dates", ())),
            "eases": EASES.get(way.get("eases", ""), ""),
        }
        for way in study.result.get("roads", [])
    ]


def stretches_shown(study: Study) -> list[dict[str, Any]]:
    """Stretches between pools that are too long, those that miss most first."""
    return too_long(study.result.get("roads", []))


def pools_shown(study: Study) -> list[dict[str, Any]]:
    """The power of pools, planned ones first, in words."""
    pools = sorted(study.result.get("pools", []), key=lambda one: one["stands"])
    return [
        {
            **one,
            "network": NETWORKS.get(one["network"], ""),
            "towards": one["towards"] or _("both"),
            "dates": dates_text(one["dates"]),
        }
        for one in pools
    ]


def trials_of(study: Study) -> list[dict[str, Any]]:
    """The other assumptions that were tried, in words."""
    return [
        {**trial, "name": TRIALS.get(trial["name"], trial["name"])}
        for trial in study.result.get("trials", [])
    ]
