"""What can be imported: columns, and a planner that knows one kind of row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.db import models
from django.utils.functional import Promise

from core.accounts.models import Operator
from core.imports.values import KEEP, Parser

Text = str | Promise


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """One column: its machine name (as exports have it) and how its cells are read.

    ``empty``: what an empty cell means (KEEP: leave it). ``is_required``: a new row must have
    it. ``seal``: for secrets; their cells are kept in this form alone and never shown.
    ``permission``: who has it not may not write the column, it is passed over for them.
    """

    name: str
    label: Text
    parse: Parser
    empty: Any = KEEP
    is_required: bool = False
    help: Text = ""
    example: str = ""
    seal: Callable[[str], str] | None = None
    permission: str = ""


@dataclass(slots=True)
class ImportRow:
    """One row of a file with parsed values, by column; unreadable and left out cells are not
    there."""

    line: int
    values: dict[str, Any]

    def get(self, name: str, default: Any = "") -> Any:
        """The value of a column; ``default`` where there is none."""
        value = self.values.get(name, default)
        return default if value is KEEP else value


class Planner(Protocol):
    """Knows one kind of row. Made anew for every preview and every commit, in scope."""

    def prepare(self, rows: Sequence[ImportRow]) -> None:
        """Load what the rows refer to, in a number of queries that does not grow with them."""
        ...

    def identify(self, row: ImportRow) -> str:
        """What tells rows of the file apart (two alike are an error); empty when unknown."""
        ...

    def find(self, row: ImportRow) -> Any:
        """The stored row that is meant, None for a new one; raises BadValueError."""
        ...

    def resolve(self, row: ImportRow, found: Any) -> dict[str, Any]:
        """Values to store by field, references looked up; raises BadValueError."""
        ...

    def current(self, found: Any, name: str) -> Any:
        """What is stored now under a name that ``resolve`` gave."""
        ...

    def check(self, values: Mapping[str, Any], found: Any) -> models.Model:
        """An unsaved row with the values, checked field by field; raises ValidationError."""
        ...

    def store(self, values: Mapping[str, Any], found: Any, *, reason: str) -> models.Model:
        """Create or change through the room's services, with their audit entries."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSpec:
    """One kind of import. ``read_only``: columns that exports have and imports pass over.

    ``permission`` is needed besides the right to import. ``list_url`` names the page where the
    rows are seen.
    """

    name: str
    title: Text
    permission: str
    columns: Sequence[ImportColumn]
    planner: Callable[[Operator], Planner]
    read_only: Sequence[str] = ()
    list_url: str = ""
    intro: Text = ""

    def column(self, name: str) -> ImportColumn | None:
        """The column of a name, by machine name or label, in any letter case."""
        plain = name.casefold()
        for column in self.columns:
            if plain in (column.name.casefold(), str(column.label).casefold()):
                return column
        return None

    def narrowed(self, may: Callable[[str], bool]) -> ImportSpec:
        """The same with columns passed over that somebody with these rights may not write."""
        closed = [one for one in self.columns if one.permission and not may(one.permission)]
        names = [text for one in closed for text in (one.name, str(one.label))]
        columns = [one for one in self.columns if one not in closed]
        return replace(self, columns=columns, read_only=[*self.read_only, *names])

    @property
    def known(self) -> list[str]:
        """Every name that a header may have."""
        return [*(column.name for column in self.columns), *self.read_only]
