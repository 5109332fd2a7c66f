"""Files on the way in: uploaded, read by a mapping, then kept as a layer as a whole or not."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import current_actor, record
from core.errors import RuleViolation
from core.files.store import clean_name, forget_on_commit, kept, load
from core.ids import public_id
from planning.layers.kinds import LayerKind, LayerOrigin
from planning.layers.mapping import FileMapping, from_json, guessed
from planning.layers.models import Layer, LayerDraft
from planning.layers.plan import LayerPlan, plan_of
from planning.layers.reading.files import ending_of, fit_to_keep, read_file
from planning.layers.reading.table import FileError, Table
from planning.layers.selectors import homes_of, layers_named
from planning.layers.services import keep_layer
from planning.layers.words import unreadable


@dataclass(frozen=True, slots=True)
class Result:
    """What a commit made; no layer when other things than shown would have been kept."""

    plan: LayerPlan
    layer: Layer | None = None


@transaction.atomic
def begin(*, operator: Operator, kind: str, name: str, raw: bytes) -> LayerDraft:
    """Keep a file as a draft with a guess of its mapping. Refuses a file that cannot be read."""
    try:
        table = read_file(raw)
        content = fit_to_keep(raw)
    except FileError as error:
        raise unreadable(error) from error
    ending = ending_of(table)
    chosen = table.kind or kind
    with kept(operator.pk, (content, ending)) as (path,):
        draft = LayerDraft(
            operator=operator,
            public_id=public_id("lyf"),
            file_name=clean_name(name, ending),
            file=path,
            size_bytes=len(content),
            file_sha256=hashlib.sha256(content).hexdigest(),
            read_as=table.read_as,
            kind=chosen,
            table=table.table,
            mapping=guessed(table, chosen).as_json(),
            created_by=current_actor.get().label[:200],
        )
        draft.full_clean()
        draft.save()
    return draft


def table_of(draft: LayerDraft) -> Table:
    """The draft's table, read again from the kept file."""
    content = load(draft.file)
    if content is None:
        raise RuleViolation("file_gone", _("The file is not there any more; upload it again."))
    try:
        return read_file(content, draft.table)
    except FileError as error:
        raise unreadable(error) from error


def mapping_of(draft: LayerDraft) -> FileMapping:
    """How its columns are read."""
    return from_json(draft.mapping)


def plan_of_draft(draft: LayerDraft) -> LayerPlan:
    """What importing it would keep now."""
    mapping = mapping_of(draft)
    homes = homes_of(mapping.placed_from) if mapping.placed_from else None
    return plan_of(table_of(draft), mapping, draft.kind, homes)


@transaction.atomic
def set_mapping(
    *, draft: LayerDraft, kind: str, mapping: FileMapping, table: str = ""
) -> LayerDraft:
    """Read the file in another way; another kind or table begins with a fresh guess."""
    held: LayerDraft = LayerDraft.objects.select_for_update().get(pk=draft.pk)
    is_fresh = kind != held.kind or (bool(table) and table != held.table)
    held.kind, held.table = LayerKind(kind), table or held.table
    if is_fresh:
        mapping = guessed(table_of(held), kind)
    elif mapping.placed_from:
        layers_named([mapping.placed_from], "placed_from")
    held.mapping = mapping.as_json()
    held.full_clean()
    held.save(update_fields=["kind", "table", "mapping"])
    return held


@transaction.atomic
def commit(*, draft: LayerDraft, shown: str, **description: Any) -> Result:
    """Make a layer of the draft with everything that was shown, or nothing.

    ``shown`` is the digest that was confirmed. Refuses a file with anything wrong, and a draft
    that was imported or discarded before.
    """
    held = LayerDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if held is None:
        raise RuleViolation("not_draft", _("This file was imported or discarded before."))
    plan = plan_of_draft(held)
    if plan.digest(held.kind) != shown:
        return Result(plan)
    if not plan.is_good:
        raise RuleViolation("wrong_rows", _("Something is wrong with the file; nothing was kept."))
    layer = keep_layer(
        operator=held.operator,
        kind=held.kind,
        origin=LayerOrigin.FILE,
        spots=plan.spots,
        file_name=held.file_name,
        file=held.file,
        size_bytes=held.size_bytes,
        file_sha256=held.file_sha256,
        read_as=f"{held.read_as}, EPSG:{plan.epsg}",
        mapping={**held.mapping, "table": held.table, "epsg": plan.epsg},
        left_out_count=plan.left_out,
        warnings=[asdict(one) for one in plan.warnings],
        **description,
    )
    held.delete()
    return Result(plan, layer)


def changed_since() -> RuleViolation:
    """The refusal of a confirmation of something else than would be kept."""
    return RuleViolation(
        "changed_since", _("Nothing was kept: the file is read differently now. Look again.")
    )


@transaction.atomic
def discard(*, draft: LayerDraft) -> None:
    """Put a draft away with its file; a second time changes nothing."""
    held = LayerDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if held is None:
        return
    record(
        "layer.discard_file", held, operator_id=held.operator_id, before={"file": held.file_name}
    )
    forget_on_commit(held.file)
    held.delete()
