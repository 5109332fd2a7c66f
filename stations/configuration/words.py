"""Where a desired value comes from, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from stations.configuration.models import DesiredValue


def explained(row: DesiredValue) -> str:
    """One sentence: who decides, and whom it overrules."""
    layers: Sequence[dict[str, Any]] = row.layers
    if not layers:
        return ""
    winner = _named(layers[0])
    if len(layers) == 1:
        return _("From %(source)s.") % {"source": winner}
    others = "; ".join(
        _("%(source)s: %(value)s") % {"source": _named(layer), "value": _shown(layer)}
        for layer in layers[1:]
    )
    return _("From %(source)s, instead of %(others)s.") % {"source": winner, "others": others}


def _shown(layer: dict[str, Any]) -> str:
    return str(layer.get("value", "")) or _("(empty)")


def _named(layer: dict[str, Any]) -> str:
    origin = layer.get("origin")
    if origin == "override":
        return _("this station's own value")
    if origin == "template":
        return _("the template %(name)s (priority %(priority)s)") % {
            "name": layer.get("name", ""),
            "priority": layer.get("priority", 0),
        }
    return _("the built-in default")
