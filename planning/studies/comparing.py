"""What two studies assumed differently, in the words and units of the question's form."""

from __future__ import annotations

from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from planning.studies.choices import LayerRole, Objective
from planning.studies.forms import StudyForm, answers_of
from planning.studies.models import Study

_OF_THEMSELVES: Final = frozenset({"name"})
_DECIMALS: Final = 6


def differing(study: Study, other: Study) -> list[tuple[str, str, str]]:
    """Label, and what was answered in either study, of every question with two answers."""
    one, two = _answers(study), _answers(other)
    return [
        (str(field.label), _words(name, one.get(name)), _words(name, two.get(name)))
        for name, field in StudyForm.base_fields.items()
        if name not in _OF_THEMSELVES and one.get(name) != two.get(name)
    ]


def _answers(study: Study) -> dict[str, Any]:
    """With layers by name instead of by key."""
    used = study.used_layers.select_related("layer").order_by("layer__name", "pk")
    named: dict[str, Any] = dict.fromkeys(LayerRole.values, "")
    for one in used:
        named[one.role] = ", ".join(filter(None, (named[one.role], one.layer.name)))
    return answers_of(study) | named


def _words(name: str, answer: Any) -> str:
    if name == "objective":
        return str(Objective(answer).label)
    if isinstance(answer, bool):
        return _("Yes") if answer else _("No")
    if isinstance(answer, int | float):
        text = f"{answer:.{_DECIMALS}f}".rstrip("0").rstrip(".")
        places = len(text.partition(".")[2])
        return number_format(answer, places, force_grouping=True)
    return str(answer or "–").replace("\n", ", ")
