"""Taking a file in, and taking it over: all of it, or nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.models import ActorKind
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.imports.models import ImportRun, ImportState
from core.imports.plan import CHANGE, CREATE, HIDDEN, Plan, make_plan
from core.imports.reading import read
from core.imports.sheet import Sheet, from_json
from core.imports.spec import ImportColumn, ImportSpec
from core.imports.values import BadValueError

IMPORT_LOCK: Final = 20163
"""Class of the advisory lock that lets one import of an operator be taken over at a time."""
_HEAVY: Final = 500


@dataclass(frozen=True, slots=True)
class Result:
    """What a commit did; ``is_stale``: nothing, since other things than shown would be done."""

    plan: Plan
    is_stale: bool = False


@transaction.atomic
def begin(*, operator: Operator, spec: ImportSpec, name: str, raw: bytes) -> ImportRun:
    """Keep an uploaded file as a draft. Nothing else is written.

    Raises UnreadableFile for what cannot be read as a table.
    """
    if not raw:
        raise InvalidInput("empty_file", _("The file is empty."), field="file")
    sheet = read(raw, spec.known)
    secret = {
        n: column
        for n, head in enumerate(sheet.heads)
        if (column := spec.column(head.name)) is not None and column.seal is not None
    }
    original = raw
    if secret:
        original = _redacted(sheet, set(secret))
        sheet = _sealed(sheet, secret)
    actor = current_actor.get()
    run: ImportRun = ImportRun.objects.create(
        operator=operator,
        public_id=public_id("imp"),
        kind=spec.name,
        user_id=actor.id if actor.kind == ActorKind.PERSON else None,
        user_label=actor.label[:200],
        file_name=_plain_name(name),
        size_bytes=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
        origin=sheet.origin[:60],
        original=original,
        is_redacted=bool(secret),
        sheet=json.loads(json.dumps(sheet.as_json()).replace("\\u0000", "")),
        row_count=len(sheet.lines),
    )
    return run


def _plain_name(name: str) -> str:
    """The last part of a path, harmless in a header."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(s for s in last if s.isprintable() and s not in '"\x7f')[-150:] or "import"


def _sealed(sheet: Sheet, secret: dict[int, ImportColumn]) -> Sheet:
    """Secret cells in the form in which alone they may be kept."""
    filled = sum(
        bool(line.cells[n].strip()) for line in sheet.lines for n in secret if n < len(line.cells)
    )
    if filled > _HEAVY:
        raise InvalidInput(
            "too_many_secrets",
            _("At most %(count)s passwords in one file; split it.") % {"count": _HEAVY},
        )
    for line in sheet.lines:
        for n, column in secret.items():
            if n < len(line.cells) and (cell := line.cells[n].strip()) and column.seal:
                line.cells[n] = column.seal(cell)
    return sheet


def _redacted(sheet: Sheet, secret: set[int]) -> bytes:
    """The file as CSV with secret cells hidden; what is kept in place of the original."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([f"{h.name} ({h.zone})" if h.zone else h.name for h in sheet.heads])
    for line in sheet.lines:
        writer.writerow(
            [HIDDEN if n in secret and cell else cell for n, cell in enumerate(line.cells)]
        )
    return out.getvalue().encode("utf-8-sig")


def plan_of(run: ImportRun, spec: ImportSpec) -> Plan:
    """What the import would do now."""
    return make_plan(spec, from_json(run.sheet), run.operator)


def commit(*, run: ImportRun, spec: ImportSpec, shown: str, reason: str = "") -> Result:
    """Take all rows over in one transaction, or none.

    ``shown`` is the digest of the plan that was confirmed; when anything else would be done now,
    nothing is. Raises RuleViolation for rows that are wrong and for an import that is done.
    """
    try:
        with transaction.atomic():
            return _commit(run, spec, shown, reason)
    except (ValidationError, BadValueError, IntegrityError, DataError) as error:
        raise RuleViolation(
            "import_failed",
            _("Nothing was imported: %(why)s") % {"why": _why(error)},
        ) from error


def _commit(run: ImportRun, spec: ImportSpec, shown: str, reason: str) -> Result:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashint8(%s))", [IMPORT_LOCK, run.operator_id]
        )
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    if locked.state != ImportState.DRAFT:
        raise RuleViolation("import_done", _("This file was imported or discarded before."))
    plan = plan_of(locked, spec)
    if plan.digest != shown:
        return Result(plan, is_stale=True)
    if not plan.is_good:
        raise RuleViolation("import_wrong", _("Correct the rows that are wrong first."))
    done = _store_all(locked, spec, plan, reason)
    counts = plan.counts
    ImportRun.objects.filter(pk=run.pk).update(
        state=ImportState.DONE,
        done_at=timezone.now(),
        created_count=counts[CREATE],
        changed_count=counts[CHANGE],
        objects_done=done,
        reason=reason,
        request_id=current_actor.get().request_id[:64],
    )
    after = {"file": run.file_name, "sha256": run.sha256, **counts}
    record("import.commit", locked, operator_id=run.operator_id, after=after, reason=reason)
    return Result(plan)


def _store_all(run: ImportRun, spec: ImportSpec, plan: Plan, reason: str) -> list[dict[str, Any]]:
    planner = spec.planner(run.operator)
    why = reason or _("Import of %(file)s") % {"file": run.file_name}
    done: list[dict[str, Any]] = []
    for row in plan.rows:
        stored = row.found
        if row.kind in (CREATE, CHANGE):
            try:
                stored = planner.store(row.values, row.found, reason=why)
            except RuleViolation as refusal:
                message = _("Line %(line)s: %(why)s") % {"line": row.line, "why": refusal.message}
                raise RuleViolation("import_refused", message) from refusal
        if stored is not None:
            one = {"line": row.line, "kind": row.kind, "id": stored.pk, "label": str(stored)}
            done.append(one)
    return done


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, BadValueError):
        return error.reason
    return _("another row has one of these values already.")


def discard(*, run: ImportRun) -> None:
    """Put a draft away; its rows are forgotten. A second time changes nothing."""
    changed = ImportRun.objects.filter(pk=run.pk, state=ImportState.DRAFT).update(
        state=ImportState.DISCARDED, sheet={}
    )
    if changed:
        record("import.discard", run, operator_id=run.operator_id, before={"file": run.file_name})
