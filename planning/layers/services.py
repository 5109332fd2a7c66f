"""Keeping layers, changing their description, putting them away."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from billing.rating.copying import copy_models
from core.accounts.models import Operator
from core.audit.services import current_actor, record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.files.store import forget_on_commit
from core.ids import public_id
from planning.layers.facts import Spot, content_hash
from planning.layers.models import Layer, LayerPoint

MOST_POINTS: Final = 100_000
DESCRIPTION: Final = ("name", "source", "source_on", "licence", "note")


@transaction.atomic
def keep_layer(
    *, operator: Operator, kind: str, origin: str, spots: Sequence[Spot], **description: Any
) -> Layer:
    """Store a layer with its points; refuses one without rows or with more than 100 000."""
    if not spots:
        raise InvalidInput("empty_layer", _("There is no row that could be kept."))
    if len(spots) > MOST_POINTS:
        raise InvalidInput(
            "too_many_points",
            _("A layer holds at most %(count)d rows; these are %(found)d.")
            % {"count": MOST_POINTS, "found": len(spots)},
        )
    layer = Layer(
        operator=operator,
        public_id=public_id("lay"),
        kind=kind,
        origin=origin,
        row_count=len(spots),
        weight_total=math.fsum(one.weight for one in spots),
        content_sha256=content_hash(kind, spots),
        created_by=current_actor.get().label[:200],
        **description,
    )
    layer.full_clean()
    layer.save()
    copy_models(LayerPoint, [_point(layer, number, one) for number, one in enumerate(spots, 1)])
    record("layer.create", layer, operator_id=operator.pk, after=described(layer))
    return layer


def _point(layer: Layer, number: int, spot: Spot) -> LayerPoint:
    return LayerPoint(
        operator_id=layer.operator_id,
        layer=layer,
        number=number,
        label=spot.label[:200],
        longitude=spot.longitude,
        latitude=spot.latitude,
        weight=spot.weight,
        values=dict(spot.values),
        geometry=spot.geometry,
    )


def described(layer: Layer) -> Mapping[str, Any]:
    """What the audit trail tells of a layer."""
    names = (*DESCRIPTION, "kind", "origin", "file_name", "row_count", "content_sha256")
    return {name: getattr(layer, name) for name in names}


@transaction.atomic
def change_layer(*, layer: Layer, reason: str = "", **values: Any) -> Layer:
    """Change what a layer is called and said to be; its content stays."""
    held: Layer = Layer.objects.select_for_update().get(pk=layer.pk)
    before, after = apply_changes(held, {k: v for k, v in values.items() if k in DESCRIPTION})
    if after:
        held.full_clean()
        held.save(update_fields=list(DESCRIPTION))
        record(
            "layer.change",
            held,
            operator_id=held.operator_id,
            before=before,
            after=after,
            reason=reason,
        )
    return held


@transaction.atomic
def archive_layer(*, layer: Layer, is_archived: bool, reason: str = "") -> Layer:
    """Put a layer away, so that nobody chooses it by mistake, or take it out again."""
    done = Layer.objects.filter(pk=layer.pk, is_archived=not is_archived).update(
        is_archived=is_archived
    )
    layer.is_archived = is_archived
    if done:
        verb = "layer.archive" if is_archived else "layer.restore"
        record(verb, layer, operator_id=layer.operator_id, reason=reason)
    return layer


@transaction.atomic
def delete_layer(*, layer: Layer, reason: str = "") -> None:
    """Delete a layer with its file; refuses one that a demand model or a study has read."""
    record(
        "layer.delete",
        layer,
        operator_id=layer.operator_id,
        before=described(layer),
        reason=reason,
    )
    path = layer.file
    try:
        layer.delete()
    except ProtectedError as error:
        raise RuleViolation(
            "layer_in_use",
            _("A demand model or a study uses this layer; put it away instead."),
        ) from error
    forget_on_commit(path)
