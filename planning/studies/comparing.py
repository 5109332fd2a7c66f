"""Two studies side by side, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from planning.demand.assumptions import defaults
from planning.demand.words import LABELS, SHARES
from planning.studies.choices import Objective
from planning.studies.forms import PERCENTS, StudyForm
from planning.studies.models import Study, StudySite
from planning.studies.parameters import parameters_from


def differing(study: Study, other: Study) -> list[tuple[str, str, str]]:
    """What was asked and assumed otherwise, by the words under which it is asked."""
    one, two = _stated(study), _stated(other)
    asked = {name: field.label for name, field in StudyForm.base_fields.items()}
    assumed = {_key(name): label for name, label in LABELS.items()}
    return [
        (str(label), _shown(name, one[name]), _shown(name, two[name]))
        for name, label in (asked | assumed).items()
        if name in one and one[name] != two[name]
    ]


def _stated(study: Study) -> dict[str, Any]:
    """Every parameter and assumption, those left at their defaults too."""
    values = parameters_from(study.parameters).as_json()
    assumed: dict[str, float] = values.pop("assumptions")
    return values | {_key(name): value for name, value in (defaults() | assumed).items()}


def _key(name: str) -> str:
    """An assumption that the form asks for has the form's name; others may share one with a
    parameter (both have a ``growth``)."""
    return name if name in SHARES else f"assumptions.{name}"


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is None or value in ("", []):
        return "–"
    if name == "objective":
        return str(Objective(value).label)
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    number = f"{value * 100 if name in PERCENTS else value:.6f}".rstrip("0").rstrip(".")
    return number_format(Decimal(number), use_l10n=True)


def side_by_side(
    study: Study, other: Study
) -> list[tuple[str, StudySite | None, StudySite | None]]:
    """Sites of both plans by name, those of both first."""
    one = {site.label: site for site in study.sites.order_by("rank")}
    two = {site.label: site for site in other.sites.order_by("rank")}
    names = sorted({*one, *two}, key=lambda name: (name not in one or name not in two, name))
    return [(name, one.get(name), two.get(name)) for name in names]
