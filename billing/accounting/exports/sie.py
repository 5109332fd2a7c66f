"""The SIE 4I file that ledgers import (pure). Numbers are clauses of SIE 4B, 2008-09-30.

Type 4I (``FAKT.SI``): compulsory head, then the year, the accounts and objects that are used, then
vouchers that each sum to zero. ``#FLAGGA 0`` lets the importer note that it has read the file;
``#KSUMMA`` shows when it was cut or changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from billing.accounting.chart import Use
from billing.accounting.entries import EntryKind
from billing.accounting.exports.sie_text import CODEPAGE, Field, checksum, plain, quoted
from billing.accounting.exports.vouchers import Voucher
from billing.problem import MoneyProblem
from core.money import minor_digits

FILE_NAME: Final = "FAKT.SI"
DIMENSION_NAMES: Final = {1: "Kostnadsställe", 6: "Projekt", 8: "Kund", 10: "Faktura"}
_ORGANISATION: Final = re.compile(r"\d{6}-\d{4}", re.ASCII)
_SERIES: Final = re.compile(r"[A-ZÅÄÖ0-9]{0,5}")
_NAME_LENGTH: Final = 60

Row = tuple[str, Sequence[Field]]


@dataclass(frozen=True, slots=True)
class SieProfile:
    """What an importer wants. ``series`` by kind of entry; empty: the importer's own choice.
    ``receivable``: its account for receivables, where it is another than the chart's."""

    name: str
    text_length: int = 50
    dimensions: frozenset[int] = frozenset(DIMENSION_NAMES)
    series: Mapping[EntryKind, str] = field(default_factory=dict)
    refused_classes: frozenset[str] = frozenset()
    uses: Mapping[Use, str] = field(default_factory=dict)


FORTNOX: Final = SieProfile("Fortnox", dimensions=frozenset({1, 6}))
VISMA_EEKONOMI: Final = SieProfile(
    "Visma eEkonomi", dimensions=frozenset({1, 6}), refused_classes=frozenset({"9"})
)
VISMA_EEKONOMI_1518: Final = SieProfile(
    "Visma eEkonomi, 1518",
    dimensions=frozenset({1, 6}),
    refused_classes=frozenset({"9"}),
    uses={Use.RECEIVABLE: "1518"},
)
"""For ledgers that keep 1510 for invoices of their own; the chart is made with these ``uses``."""


@dataclass(frozen=True, slots=True)
class SieCompany:
    """Whose books: the year runs from ``year_from`` to ``year_until``, both included."""

    name: str
    organisation_number: str
    year_from: date
    year_until: date
    currency: str = "SEK"
    program: str = "Laddportal"
    program_version: str = "1"


def sie_file(
    vouchers: Iterable[Voucher],
    company: SieCompany,
    profile: SieProfile,
    *,
    account_names: Mapping[str, str],
    object_names: Mapping[tuple[int, str], str] | None = None,
    made_on: date,
) -> bytes:
    """The file in codepage 437 with line ends CR LF. Refuses vouchers of another year or currency,
    accounts that the profile refuses or that have no name, and vouchers that do not balance."""
    kept = [one for one in vouchers if one.rows]
    for one in kept:
        _check(one, company, profile, account_names)
    head = _head(company, made_on)
    body = [
        *_accounts(kept, account_names),
        *_objects(kept, profile, object_names or {}),
        *(row for one in kept for row in _voucher(one, profile)),
    ]
    crc = checksum(row for row in (*head, *body) if row[0] not in "{}")
    rows: list[Row] = [("#FLAGGA", ["0"]), ("#KSUMMA", []), *head, *body]
    rows.append(("#KSUMMA", [str(crc)]))
    return "".join(_line(row) for row in rows).encode(CODEPAGE)


def _head(company: SieCompany, made_on: date) -> list[Row]:
    if not _ORGANISATION.fullmatch(company.organisation_number):
        raise MoneyProblem("sie_organisation", "The organisation number is written 556036-0793")
    if company.year_until < company.year_from:
        raise MoneyProblem("sie_year", "The year ends before it begins")
    name = plain(company.name)
    if not name:
        raise MoneyProblem("sie_company", "The company has no name")
    return [
        ("#PROGRAM", [plain(company.program), plain(company.program_version)]),
        ("#FORMAT", ["PC8"]),
        ("#GEN", [f"{made_on:%Y%m%d}"]),
        ("#SIETYP", ["4"]),
        ("#ORGNR", [company.organisation_number]),
        ("#FNAMN", [name]),
        ("#RAR", ["0", f"{company.year_from:%Y%m%d}", f"{company.year_until:%Y%m%d}"]),
        ("#KPTYP", ["EUBAS97"]),
        ("#VALUTA", [company.currency]),
    ]


def _accounts(vouchers: Sequence[Voucher], names: Mapping[str, str]) -> list[Row]:
    used = sorted({row.account for one in vouchers for row in one.rows})
    return [("#KONTO", [account, plain(names[account], _NAME_LENGTH)]) for account in used]


def _objects(
    vouchers: Sequence[Voucher], profile: SieProfile, names: Mapping[tuple[int, str], str]
) -> list[Row]:
    used = sorted(
        {
            dimension
            for one in vouchers
            for row in one.rows
            for dimension in row.dimensions
            if dimension[0] in profile.dimensions
        }
    )
    rows: list[Row] = []
    for number in sorted({number for number, _code in used}):
        word = plain(DIMENSION_NAMES.get(number, f"Dimension {number}"))
        rows.append(("#DIM", [str(number), word]))
    for number, code in used:
        name = plain(names.get((number, code), code), _NAME_LENGTH)
        rows.append(("#OBJEKT", [str(number), plain(code), name]))
    return rows


def _voucher(one: Voucher, profile: SieProfile) -> list[Row]:
    day = f"{one.on:%Y%m%d}"
    digits = minor_digits(one.currency)
    text = plain(one.text, profile.text_length)
    rows: list[Row] = [("#VER", [profile.series.get(one.kind, ""), "", day, text]), ("{", [])]
    for row in one.rows:
        objects = tuple(
            part
            for number, code in row.dimensions
            if number in profile.dimensions
            for part in (str(number), plain(code))
        )
        fields: list[Field] = [row.account, objects, f"{row.amount:.{digits}f}"]
        if row.text:
            fields += [day, plain(row.text, profile.text_length)]
        rows.append(("#TRANS", fields))
    return [*rows, ("}", [])]


def _check(
    one: Voucher, company: SieCompany, profile: SieProfile, names: Mapping[str, str]
) -> None:
    at = one.documents[0] if one.documents else ""
    if one.currency != company.currency or minor_digits(one.currency) > 2:
        raise MoneyProblem("sie_currency", f"The file holds {company.currency} alone", at)
    if not company.year_from <= one.on <= company.year_until:
        raise MoneyProblem("sie_other_year", f"{one.on} lies outside the financial year", at)
    if sum(row.amount for row in one.rows):
        raise MoneyProblem("sie_unbalanced", "The voucher does not sum to zero", at)
    if not _SERIES.fullmatch(profile.series.get(one.kind, "")):
        raise MoneyProblem("sie_series", "A series has at most 5 capital letters or digits", at)
    for row in one.rows:
        if row.account[0] in profile.refused_classes:
            raise MoneyProblem("sie_class", f"{profile.name} takes no account {row.account}", at)
        if not plain(names.get(row.account, "")):
            raise MoneyProblem("sie_account_name", f"Account {row.account} has no name", at)


def _line(row: Row) -> str:
    label, fields = row
    written = [
        quoted(one) if isinstance(one, str) else "{" + " ".join(quoted(part) for part in one) + "}"
        for one in fields
    ]
    return " ".join([label, *written]) + "\r\n"
