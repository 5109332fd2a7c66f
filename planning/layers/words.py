"""What is wrong with a file, and what helps, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.imports.sheet import UnreadableFile
from planning.layers.plan import Oddity, Problem
from planning.layers.reading.table import FileError
from planning.layers.systems import name_of

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Told:
    """A problem in words: where, what is wrong, what helps."""

    code: str
    row: int
    column: str
    value: str
    reason: str
    cure: str


_FILES: Final[Mapping[str, Text]] = {
    "empty_file": _("The file is empty."),
    "no_rows": _("The file has no row."),
    "file_too_large": _("The file is larger than %(size)s MB; leave out what is not needed."),
    "too_many_rows": _("The file has more than %(count)s rows; split it."),
    "too_many_columns": _("The file has more than %(count)s columns."),
    "other_encoding": _(
        "The encoding is not UTF-8, UTF-16 or Windows-1252, so letters would come out wrong. "
        "Save the file as “CSV UTF-8”."
    ),
    "broken_before": _(
        "Letters such as å, ä, ö were broken before the file was saved (they read “Ã¥”). "
        "Export it again from where it comes, as UTF-8."
    ),
    "not_text": _("This is none of the known kinds of files, and no text either."),
    "not_csv": _("Line %(line)s cannot be read as CSV: a quote is not closed."),
    "not_json": _("This begins as JSON, but line %(line)s is none. Was it cut off?"),
    "not_geojson": _("This says that it is GeoJSON, but it has no list of features."),
    "strange_json": _(
        "This is JSON, but neither GeoJSON nor stations of Nobil, Open Charge Map or OCPI."
    ),
    "not_geopackage": _("This database cannot be read as a GeoPackage; it is damaged or another."),
    "no_features": _("This GeoPackage has no table of features."),
    "strange_geometry": _("It holds geometries other than points, lines and areas."),
    "archive": _("This is an archive or a workbook. Unpack it, or save the sheet as “CSV UTF-8”."),
}


def unreadable(error: FileError) -> UnreadableFile:
    """The refusal of a file as a whole."""
    return UnreadableFile(error.code, str(_FILES[error.code]) % error.params, field="file")


_COLUMN: Final = _("Choose the column under “How the columns are read”.")
_LEAVE: Final = _("Correct it in the file, or choose to leave out rows that are wrong.")
_PROBLEMS: Final[Mapping[str, tuple[Text, Text]]] = {
    "no_longitude": (_("No column is chosen for the longitude (east)."), _COLUMN),
    "no_latitude": (_("No column is chosen for the latitude (north)."), _COLUMN),
    "same_column": (_("East and north are read from the same column."), _COLUMN),
    "no_weight_column": (_("This kind of layer needs a number for each place."), _COLUMN),
    "unknown_system": (
        _("There is no coordinate system of this number."),
        _("Use the number of EPSG, as 3006 for SWEREF 99 TM."),
    ),
    "no_system": (
        _("No position fits a coordinate system that can be guessed."),
        _("Choose the columns of the positions, and the coordinate system by its EPSG number."),
    ),
    "swapped": (
        _("East and north are swapped: read the other way round, the positions fit %(name)s."),
        _("Swap the two columns, or tick “East and north are swapped”."),
    ),
    "other_system": (
        _("The positions are not in %(chosen)s; they look like %(name)s."),
        _("Choose %(name)s as the coordinate system."),
    ),
    "no_places": (
        _("The layer that should give the positions has no places, or is not there any more."),
        _("Choose another layer under “How the columns are read”."),
    ),
    "no_placed_by": (_("No column is chosen for the names or codes of the places."), _COLUMN),
    "no_match": (_("The other layer has no place of this name or code."), _LEAVE),
    "several_matches": (
        _("The other layer has several places of this name or code."),
        _("Use codes, or choose to leave out rows that are wrong."),
    ),
    "no_position": (_("The row has no position."), _LEAVE),
    "no_number": (_("This is no number."), _LEAVE),
    "strange_geometry": (_("The geometry cannot be read, or is too long."), _LEAVE),
    "off_earth": (_("There is no such place on earth in this coordinate system."), _LEAVE),
    "at_zero": (
        _("The position is 0, 0 in the Gulf of Guinea: most likely it was not known."),
        _LEAVE,
    ),
    "missing_weight": (_("The number is missing."), _LEAVE),
    "negative_weight": (_("The number is below zero."), _LEAVE),
    "no_year": (_("This is no year from 1990 to 2100."), _LEAVE),
    "year_twice": (_("The place has a row of this year already."), _LEAVE),
    "huge_weight": (_("The number is too large to be true."), _LEAVE),
    "double": (
        _("Row %(first)s stands at the same place."),
        _("Keep one of the two, or choose what becomes of rows at the same place."),
    ),
    "nothing_left": (
        _("No row is left that could be kept."),
        _("Look at how the columns are read."),
    ),
}  # fmt: skip


def told(problem: Problem) -> Told:
    """A problem in words."""
    params = dict(problem.params)
    if "epsg" in params:
        params["name"] = _system(params["epsg"])
    if "chosen" in params:
        params["chosen"] = _system(params["chosen"])
    reason, cure = _PROBLEMS[problem.code]
    return Told(
        problem.code, problem.row, problem.column, problem.value,
        str(reason) % params, str(cure) % params,
    )  # fmt: skip


def _system(epsg: int) -> str:
    return f"{name_of(epsg)} (EPSG:{epsg})"


def _at_sea(count: int) -> str:
    return ngettext(
        "%(count)d place lies in the sea, or on an island that the map does not have.",
        "%(count)d places lie in the sea, or on islands that the map does not have.",
        count,
    )


def _kept(count: int) -> str:
    return ngettext(
        "%(count)d row stands where another stands, and is kept.",
        "%(count)d rows stand where another stands, and are kept.",
        count,
    )


def _first(count: int) -> str:
    return ngettext(
        "%(count)d row stands where another stands, and is left out.",
        "%(count)d rows stand where another stands, and are left out.",
        count,
    )


def _added(count: int) -> str:
    return ngettext(
        "%(count)d row stands where another stands, and is added to it.",
        "%(count)d rows stand where another stands, and are added to it.",
        count,
    )


def _histories(count: int) -> str:
    return ngettext(
        "%(count)d place has a history of several years; it gets a curve of its own.",
        "%(count)d places have a history of several years; each gets a curve of its own.",
        count,
    )


def _placed(count: int) -> str:
    return ngettext(
        "%(count)d row takes its position from the other layer.",
        "%(count)d rows take their positions from the other layer.",
        count,
    )


def _wrong(count: int) -> str:
    return ngettext(
        "%(count)d row is wrong, and is left out.",
        "%(count)d rows are wrong, and are left out.",
        count,
    )


_ODDITIES: Final[Mapping[str, Callable[[int], str]]] = {
    "at_sea": _at_sea,
    "doubles_kept": _kept,
    "doubles_left_out": _first,
    "doubles_added_up": _added,
    "wrong_left_out": _wrong,
    "histories": _histories,
    "placed": _placed,
}


def warned(code: str, count: int, rows: tuple[int, ...] | list[int] = ()) -> str:
    """A warning in words, with the first rows."""
    text = _ODDITIES[code](count) % {"count": count}
    if not rows:
        return text
    named = ", ".join(str(row) for row in rows) + ("…" if count > len(rows) else "")
    return text + " " + _("Rows: %(rows)s") % {"rows": named}


def oddity(one: Oddity) -> str:
    """The same of a plan's."""
    return warned(one.code, one.count, one.rows)


def kept_warnings(rows: list[dict[str, Any]]) -> list[str]:
    """The same of those that a layer keeps."""
    return [warned(one["code"], one["count"], one["rows"]) for one in rows]
