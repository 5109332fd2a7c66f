"""What is stated of the EVSEs of a station, as columns of files about stations.

One cell holds a value for each EVSE in their order, apart by ``|``; one value alone is that of all
of them, ``-`` is none. Of connectors there may be several in an EVSE, apart by ``+``; where the
cell of their types names more than there are, the others are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.imports import values
from core.imports.values import KEEP, BadValueError, Parser
from stations.hardware.choices import ConnectorType, CurrentType
from stations.sites.choices import (
    GrantState,
    ParkingRestriction,
    PaymentWay,
    PublicAccess,
    Suitability,
    VehicleType,
)

APART: Final = " | "
AND: Final = " + "
NONE: Final = "-"


@dataclass(frozen=True, slots=True)
class PartColumn:
    """A column of EVSEs or of their connectors: ``field`` is the model's, ``nothing`` its empty
    value (KEEP: it cannot be empty)."""

    name: str
    field: str
    label: str | Promise
    parse: Parser
    nothing: Any = ""
    of_connectors: bool = False
    example: str = ""

    @property
    def title(self) -> str | Promise:
        """The label with what it is about."""
        about = gettext_lazy("Connector") if self.of_connectors else gettext_lazy("EVSE")
        return format_lazy("{about}: {label}", about=about, label=self.label)

    def read(self, cell: str, zone: tzinfo) -> list[Any]:
        """A value for each EVSE, or one for all; of connectors a list of such for each."""
        parts = [part.strip() for part in re.split(r"(?<!\\)\|", cell)]
        if not self.of_connectors:
            return [self._one(part, zone) for part in parts]
        return [[self._one(one.strip(), zone) for one in part.split("+")] for part in parts]

    def _one(self, part: str, zone: tzinfo) -> Any:
        if part in ("", NONE):
            if self.nothing is KEEP:
                raise BadValueError(_("This cannot be empty."), _("Give a value for each EVSE."))
            return self.nothing
        return self.parse(re.sub(r"\\([|-])", r"\1", part), zone)

    def spread(self, given: Sequence[Any], counts: Sequence[int]) -> list[Any]:
        """A value for each EVSE; ``counts``: how many connectors each has."""
        wide = _spread(given, len(counts), self.name)
        if not self.of_connectors:
            return wide
        return [_spread(row, count, self.name) for row, count in zip(wide, counts, strict=True)]

    def write(self, found: Sequence[Any]) -> str:
        """The cell of the values of all EVSEs."""
        if not self.of_connectors:
            return _joined([_told(one) for one in found], APART)
        return _joined([_joined([_told(one) for one in row], AND) for row in found], APART)

    def of_row(self, row: Any) -> str:
        """The cell of a row of the list of stations (``evse_rows``)."""
        if not self.of_connectors:
            return self.write([one[self.field] for one in row.evse_rows])
        return self.write(
            [[one[self.field] for one in evse["connectors"]] for evse in row.evse_rows]
        )


def _spread(given: Sequence[Any], count: int, name: str) -> list[Any]:
    if len(given) == 1:
        return list(given) * count
    if len(given) != count:
        raise BadValueError(
            _("There are %(given)s values for %(count)s.") % {"given": len(given), "count": count},
            _("Give one for all, or one for each, %(sign)s for none.") % {"sign": NONE},
            column=name,
        )
    return list(given)


def _told(value: Any) -> str:
    if value in (None, "", []):
        return NONE
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return " ".join(map(str, value))
    text = str(value).replace("|", "\\|")
    return f"\\{text}" if text == NONE else text


def _joined(cells: list[str], sign: str) -> str:
    """One for all where all are alike; nothing at all where none says anything."""
    if len(set(cells)) > 1:
        return sign.join(cells)
    return "" if sign == APART and cells[:1] == [NONE] else "".join(cells[:1])


def several(choices: type[TextChoices]) -> Parser:
    """Several of the choices, apart by blanks or commas, each once."""
    words, one = values.words(), values.choice(choices.choices)

    def parse(cell: str, zone: tzinfo) -> list[str]:
        return list(dict.fromkeys(str(one(word, zone)) for word in words(cell, zone)))

    return parse


def _choice(choices: type[TextChoices]) -> Parser:
    return values.choice([pair for pair in choices.choices if pair[0]])


def _connector(name: str, label: str | Promise, parse: Parser, nothing: Any) -> PartColumn:
    full = f"connector_{name.removeprefix('connector_')}"
    return PartColumn(full, name, label, parse, nothing, of_connectors=True)


L = gettext_lazy
P = PartColumn
PART_COLUMNS: Final = (
    P("evse_max_power_w", "max_power_w", L("Power (W)"), values.integer(1, 2_000_000), None,
      example="22000 | 11000"),
    P("evse_current_type", "current_type", L("Current"), values.choice(CurrentType.choices), KEEP),
    P("evse_phases", "phases", L("Phases"), values.integer(1, 3), KEEP),
    P("evse_commissioned_on", "commissioned_on", L("Commissioned"), values.day, None),
    P("evse_public_access", "public_access", L("Publicly accessible"), _choice(PublicAccess)),
    P("evse_access_reason", "access_reason", L("Why not, or when"), values.text(300)),
    P("evse_accessibility", "accessibility", L("Suitable for people with disabilities"),
      _choice(Suitability)),
    P("evse_parking_note", "parking_note", L("About parking"), values.text(200)),
    P("evse_payment_ways", "payment_ways", L("Ways to pay"), several(PaymentWay), [],
      example="app rfid"),
    P("evse_payment_terminal", "payment_terminal", L("Payment terminal"), values.identifier(40),
      example="T-1001"),
    P("evse_vehicle_types", "vehicle_types", L("Vehicles"), several(VehicleType), [],
      example="car van"),
    P("evse_parking_restrictions", "parking_restrictions", L("Parking restrictions"),
      several(ParkingRestriction), [], example="EV_ONLY"),
    P("meter_make", "meter_make", L("Meter make and model"), values.text(80)),
    P("meter_serial", "meter_serial", L("Meter serial number"), values.identifier(64),
      example="M-1 | M-2"),
    P("meter_mid_year", "meter_mid_year", L("MID year"), values.integer(2000, 2100), None),
    P("meter_class", "meter_class", L("Accuracy class"), values.text(8), example="B"),
    P("grant_state", "grant_state", L("Grant"), _choice(GrantState)),
    P("grant_name", "grant_name", L("Granted by, reference"), values.text(120)),
    P("grant_conditions", "grant_conditions", L("Conditions"), values.text(500)),
    P("grant_ends_on", "grant_ends_on", L("Conditions end"), values.day, None),
    _connector("connector_type", L("Type"), values.choice(ConnectorType.choices), KEEP),
    _connector("is_tethered", L("Fixed cable"), values.flag, KEEP),
    _connector("cable_length_cm", L("Cable length (cm)"), values.integer(1, 10_000), None),
    _connector("max_power_w", L("Power (W)"), values.integer(1, 2_000_000), None),
)  # fmt: skip
BY_NAME: Final[Mapping[str, PartColumn]] = {column.name: column for column in PART_COLUMNS}
EVSE_FIELDS: Final = tuple(one.field for one in PART_COLUMNS if not one.of_connectors)
CONNECTOR_FIELDS: Final = tuple(one.field for one in PART_COLUMNS if one.of_connectors)


def changes_of(
    named: Mapping[str, str], counts: Sequence[int], zone: tzinfo
) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """From cells by column: for each EVSE its changed fields, and those of its connectors."""
    found: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
        ({}, [{} for _one in range(count)]) for count in counts
    ]
    for name, cell in named.items():
        column = BY_NAME[name]
        for (evse, connectors), value in zip(
            found, column.spread(column.read(cell, zone), counts), strict=True
        ):
            for target, one in zip(
                connectors if column.of_connectors else [evse],
                value if column.of_connectors else [value],
                strict=True,
            ):
                target[column.field] = one
    return found


def canonical(name: str, given: str, counts: Sequence[int], zone: tzinfo) -> str:
    """A cell as exports write it, checked against the EVSEs there will be."""
    column = BY_NAME[name]
    try:
        return column.write(column.spread(column.read(given, zone), counts))
    except BadValueError as error:
        error.column = error.column or name
        raise


def widened(types: str | None, counts: Sequence[int]) -> list[int]:
    """How many connectors each EVSE will have: more where ``types``, the cell of their types,
    names more of an EVSE than it has. Only the signs count here; ``canonical`` reads the rest."""
    parts = re.split(r"(?<!\\)\|", types or "")
    if not types or len(parts) not in (1, len(counts)):
        return list(counts)
    named = [part.count(AND.strip()) + 1 for part in parts]
    wide = named * len(counts) if len(parts) == 1 else named
    return [max(have, want) for have, want in zip(counts, wide, strict=True)]


def current_cell(name: str, evses: Iterable[Any]) -> str:
    """The cell of what is stored, of EVSEs with their connectors at hand."""
    column = BY_NAME[name]
    if column.of_connectors:
        rows = [[getattr(one, column.field) for one in used(evse)] for evse in evses]
        return column.write(rows)
    return column.write([getattr(evse, column.field) for evse in evses])


def used(evse: Any) -> list[Any]:
    """The connectors of an EVSE that are in use, by number."""
    rows = [one for one in evse.connectors.all() if one.retired_on is None]
    return sorted(rows, key=lambda one: one.number)
