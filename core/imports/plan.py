"""What an import would do, row by row, before anything is done."""

from __future__ import annotations

import hashlib
import zoneinfo
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, Final

import orjson
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.errors import RuleViolation
from core.imports.sheet import Head, Line, Sheet
from core.imports.spec import ImportColumn, ImportRow, ImportSpec, Planner
from core.imports.values import KEEP, BadValueError, same

CREATE, CHANGE, UNCHANGED, WRONG = "create", "change", "unchanged", "wrong"
KINDS: Final = (WRONG, CREATE, CHANGE, UNCHANGED)
HIDDEN: Final = "••••••"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, why, and what would be right. Line 1 is the header."""

    line: int
    column: str
    value: str
    reason: str
    cure: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that a row would set or change, as people read it."""

    name: str
    before: str
    after: str


@dataclass(slots=True)
class RowPlan:
    """What becomes of one row."""

    line: int
    kind: str
    label: str = ""
    changes: list[FieldChange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    found: models.Model | None = None


@dataclass(slots=True)
class Plan:
    """The whole file. ``passed_over``: columns that are known but not imported."""

    rows: list[RowPlan]
    problems: list[Problem]
    passed_over: list[str]

    @property
    def counts(self) -> dict[str, int]:
        """Rows by kind."""
        found = Counter(row.kind for row in self.rows)
        return {kind: found.get(kind, 0) for kind in KINDS}

    @property
    def all_problems(self) -> list[Problem]:
        """Of the header, then of the rows."""
        return [*self.problems, *(problem for row in self.rows for problem in row.problems)]

    @property
    def is_good(self) -> bool:
        """Whether all of it can be taken over, and something would change."""
        return not self.all_problems and any(row.kind in (CREATE, CHANGE) for row in self.rows)

    @property
    def digest(self) -> str:
        """Differs as soon as anything else would be done than what was shown."""
        told = [
            [row.line, row.kind, row.label, [[c.name, c.before, c.after] for c in row.changes]]
            for row in self.rows
        ]
        return hashlib.sha256(orjson.dumps(told)).hexdigest()


def make_plan(spec: ImportSpec, sheet: Sheet, operator: Operator) -> Plan:
    """What importing the sheet would do now. Constant number of queries."""
    columns, problems, passed_over = _columns(spec, sheet.heads)
    zones = [_zone(head, operator, problems) for head in sheet.heads]
    if problems:
        return Plan([], problems, passed_over)
    plans: list[RowPlan] = []
    rows: list[ImportRow] = []
    for line in sheet.lines:
        plan = RowPlan(line.number, WRONG)
        row = _parsed(line, columns, zones, plan)
        plans.append(plan)
        rows.append(row)
    planner = spec.planner(operator)
    planner.prepare(rows)
    for row, plan in zip(rows, plans, strict=True):
        _plan_row(spec, planner, row, plan)
    _find_twins(spec, planner, rows, plans)
    return Plan(plans, problems, passed_over)


def _columns(
    spec: ImportSpec, heads: list[Head]
) -> tuple[list[ImportColumn | None], list[Problem], list[str]]:
    columns: list[ImportColumn | None] = []
    problems: list[Problem] = []
    passed_over: list[str] = []
    read_only = {name.casefold() for name in spec.read_only}
    for head in heads:
        column = spec.column(head.name)
        columns.append(column)
        if column is None and head.name.casefold() in read_only:
            passed_over.append(head.name)
        elif column is None:
            cure = _("Remove it, or rename it to one of: %(names)s.") % {
                "names": ", ".join(column.name for column in spec.columns)
            }
            problems.append(Problem(1, head.name, "", _("There is no such column."), cure))
    if not problems and not any(columns):
        cure = _("Take the template, or the export of the list.")
        problems.append(Problem(1, "", "", _("No column can be imported."), cure))
    return columns, problems, passed_over


def _zone(head: Head, operator: Operator, problems: list[Problem]) -> tzinfo:
    name = head.zone or operator.time_zone
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        cure = _("Write an IANA zone, as Europe/Stockholm.")
        problems.append(Problem(1, head.name, name, _("There is no such time zone."), cure))
        return zoneinfo.ZoneInfo("UTC")


def _parsed(
    line: Line, columns: list[ImportColumn | None], zones: list[tzinfo], plan: RowPlan
) -> ImportRow:
    row = ImportRow(line.number, {})
    if len(line.cells) != len(columns):
        reason = _("The row has %(cells)s cells, the header has %(columns)s.") % {
            "cells": len(line.cells), "columns": len(columns),
        }  # fmt: skip
        cure = _("Put text that holds the separator in quotes.")
        plan.problems.append(Problem(line.number, "", "", reason, cure))
        return row
    for column, cell, zone in zip(columns, line.cells, zones, strict=True):
        if column is None:
            continue
        if not cell.strip():
            row.values[column.name] = column.empty
            continue
        try:
            row.values[column.name] = cell if column.seal else column.parse(cell, zone)
        except BadValueError as error:
            _add(plan, error, column.name, cell)
    return row


def _add(plan: RowPlan, error: BadValueError, column: str, cell: str) -> None:
    name = error.column or column
    plan.problems.append(Problem(plan.line, name, cell[:200], error.reason, error.cure))


def _plan_row(spec: ImportSpec, planner: Planner, row: ImportRow, plan: RowPlan) -> None:
    plan.label = planner.identify(row)
    if plan.problems:
        return
    try:
        plan.found = planner.find(row)
        _need_required(spec, row, plan)
        if plan.problems:
            return
        values = planner.resolve(row, plan.found)
    except BadValueError as error:
        for one in (error, *error.others):
            _add(plan, one, "", _cell(row, one.column))
        return
    plan.values = _to_set(planner, values, plan.found)
    secret = {column.name for column in spec.columns if column.seal}
    plan.changes = [
        FieldChange(
            name,
            "" if plan.found is None or name in secret else told(planner.current(plan.found, name)),
            HIDDEN if name in secret else told(value),
        )
        for name, value in plan.values.items()
    ]
    if plan.found is not None:
        plan.label = str(plan.found)
    _check(planner, row, plan)


def _need_required(spec: ImportSpec, row: ImportRow, plan: RowPlan) -> None:
    if plan.found is not None:
        return
    for column in spec.columns:
        if column.is_required and row.get(column.name, None) in (None, "", []):
            reason = _("A new row needs a value here.")
            cure = _("Fill it in, for example %(value)s.") % {"value": column.example}
            plan.problems.append(Problem(plan.line, column.name, "", reason, cure))


def _to_set(planner: Planner, values: dict[str, Any], found: models.Model | None) -> dict[str, Any]:
    kept = {name: value for name, value in values.items() if value is not KEEP}
    if found is None:
        return {name: value for name, value in kept.items() if value not in (None, "", [])}
    return {n: v for n, v in kept.items() if not same(planner.current(found, n), v)}


def _check(planner: Planner, row: ImportRow, plan: RowPlan) -> None:
    plan.kind = CREATE if plan.found is None else CHANGE if plan.values else UNCHANGED
    if plan.kind == UNCHANGED:
        return
    try:
        planner.check(plan.values, plan.found)
    except BadValueError as error:
        _add(plan, error, "", _cell(row, error.column))
    except RuleViolation as refusal:
        column = refusal.field or ""
        plan.problems.append(
            Problem(plan.line, column, _cell(row, column), str(refusal.message), _right())
        )
    except ValidationError as error:
        for column, messages in _by_field(error).items():
            plan.problems.extend(
                Problem(plan.line, column, _cell(row, column), message, _right())
                for message in messages
            )
    if plan.problems:
        plan.kind = WRONG


def _right() -> str:
    return _("Correct the value.")


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return {"": list(error.messages)}
    return {"" if n == NON_FIELD_ERRORS else n: m for n, m in error.message_dict.items()}


def _cell(row: ImportRow, column: str) -> str:
    return told(row.get(column, ""))[:200] if column else ""


def _find_twins(
    spec: ImportSpec, planner: Planner, rows: list[ImportRow], plans: list[RowPlan]
) -> None:
    """Rows that mean the same: each names the line of the first."""
    first: dict[str, int] = {}
    seen: dict[Any, int] = {}
    for row, plan in zip(rows, plans, strict=True):
        key = planner.identify(row).casefold()
        line = first.setdefault(key, plan.line) if key else plan.line
        if plan.found is not None:
            line = min(line, seen.setdefault(plan.found.pk, plan.line))
        if line == plan.line:
            continue
        reason = _("Line %(line)s is about the same.") % {"line": line}
        cure = _("Keep one of the two.")
        name = planner.identify(row)
        column = next((c.name for c in spec.columns if row.get(c.name) == name), "")
        plan.problems.append(Problem(plan.line, column, name, reason, cure))
        plan.kind = WRONG


def told(value: Any) -> str:
    """A value as people read it in the preview, the same whatever the language."""
    if value is None or value is KEEP:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(str(one) for one in value)
    return f"{value:f}" if hasattr(value, "as_tuple") else str(value)
