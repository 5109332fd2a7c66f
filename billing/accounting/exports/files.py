"""The bytes of files for ledgers, from entries alone."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from typing import Any, Final

from billing.accounting.chart import Chart, Use
from billing.accounting.entries import Entry, EntryKind
from billing.accounting.exports.journal_csv import (
    HEADERS,
    Convention,
    document_list_csv,
    journal_csv,
    journal_rows,
)
from billing.accounting.exports.models import FileFormat, Preset
from billing.accounting.exports.sie import (
    FORTNOX,
    VISMA_EEKONOMI,
    VISMA_EEKONOMI_1518,
    SieCompany,
    SieProfile,
    sie_file,
)
from billing.accounting.exports.vouchers import Granularity, Voucher, vouchers
from billing.accounting.vat import tax_code
from core.lists.export import FORMATS
from core.lists.sheets import write_sheet
from core.lists.spec import CsvColumn

PRESETS: Final = {
    Preset.FORTNOX: FORTNOX,
    Preset.VISMA: VISMA_EEKONOMI,
    Preset.VISMA_1518: VISMA_EEKONOMI_1518,
    Preset.OTHER: SieProfile("SIE 4I"),
}
_ENDINGS: Final = {
    FileFormat.SIE: (".si", "application/x-sie"),
    FileFormat.CSV_SWEDISH: (".csv", FORMATS["csv"]),
    FileFormat.CSV_INTERNATIONAL: (".csv", FORMATS["csv"]),
    FileFormat.XLSX: (".xlsx", FORMATS["xlsx"]),
    FileFormat.XLSX_INTERNATIONAL: (".xlsx", FORMATS["xlsx"]),
    FileFormat.JSON: (".json", "application/json"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a file is made of: whose books, for which ledger, in which shape."""

    company: SieCompany
    chart: Chart
    preset: Preset
    file_format: FileFormat
    granularity: Granularity
    series: str
    site_names: Mapping[str, str]
    made_on: date


@dataclass(frozen=True, slots=True)
class Made:
    """A file, the list of documents behind its vouchers (empty where each names its own), and
    how many vouchers it has."""

    content: bytes
    ending: str
    content_type: str
    documents: bytes
    voucher_count: int


def make_file(entries: Sequence[Entry], wanted: Wanted) -> Made:
    """The file of entries of one currency and financial year. Raises MoneyProblem for what the
    ledger would refuse."""
    profile = _profile(wanted)
    own = _renumbered(entries, wanted.chart, profile)
    names = {**wanted.chart.names}
    if Use.RECEIVABLE in profile.uses:
        names[profile.uses[Use.RECEIVABLE]] = names[wanted.chart.account(Use.RECEIVABLE)]
    grouped = vouchers(own, wanted.granularity)
    content = _content(own, grouped, names, profile, wanted)
    listed = b""
    if wanted.granularity is Granularity.DAY_AND_KIND:
        lines = document_list_csv(grouped, convention=_convention(wanted.file_format))
        listed = "".join(lines).encode()
    ending, content_type = _ENDINGS[wanted.file_format]
    return Made(content, ending, content_type, listed, len(grouped))


def _profile(wanted: Wanted) -> SieProfile:
    profile = PRESETS[wanted.preset]
    if not wanted.series:
        return profile
    return replace(profile, series=dict.fromkeys(EntryKind, wanted.series))


def _renumbered(entries: Sequence[Entry], chart: Chart, profile: SieProfile) -> list[Entry]:
    """With the accounts that the ledger has in place of the chart's."""
    other = {chart.account(use): number for use, number in profile.uses.items()}
    if not other:
        return list(entries)
    return [
        replace(
            one,
            postings=tuple(
                replace(posting, account=other.get(posting.account, posting.account))
                for posting in one.postings
            ),
        )
        for one in entries
    ]


def _convention(file_format: FileFormat) -> Convention:
    international = (FileFormat.CSV_INTERNATIONAL, FileFormat.XLSX_INTERNATIONAL, FileFormat.JSON)
    return Convention.INTERNATIONAL if file_format in international else Convention.SWEDISH


def _content(
    entries: Sequence[Entry],
    grouped: Sequence[Voucher],
    names: Mapping[str, str],
    profile: SieProfile,
    wanted: Wanted,
) -> bytes:
    kind = wanted.file_format
    if kind is FileFormat.SIE:
        objects = _object_names(wanted)
        return sie_file(
            grouped, wanted.company, profile, account_names=names, object_names=objects,
            made_on=wanted.made_on,
        )  # fmt: skip
    if kind is FileFormat.JSON:
        return journal_json(entries, names, wanted.company)
    if kind in (FileFormat.XLSX, FileFormat.XLSX_INTERNATIONAL):
        return journal_xlsx(entries, names, _convention(kind))
    lines = journal_csv(entries, account_names=names, convention=_convention(kind))
    return "".join(lines).encode()


def _object_names(wanted: Wanted) -> dict[tuple[int, str], str]:
    dimension = wanted.chart.site_dimension
    if not dimension:
        return {}
    return {(dimension, code): name for code, name in wanted.site_names.items()}


def journal_json(entries: Sequence[Entry], names: Mapping[str, str], company: SieCompany) -> bytes:
    """The journal as JSON (docs/accounting.md); amounts are texts, debit above zero."""
    shown = {
        "format": "journal",
        "version": 1,
        "company": {
            "name": company.name,
            "organisation_number": company.organisation_number,
            "year_from": company.year_from.isoformat(),
            "year_until": company.year_until.isoformat(),
        },
        "currency": company.currency,
        "entries": [_shown(one, names) for one in entries],
    }
    return json.dumps(shown, ensure_ascii=False, indent=1).encode()


def _shown(one: Entry, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "date": one.on.isoformat(),
        "kind": one.kind.value,
        "document": one.document,
        "text": one.text,
        "postings": [
            {
                "account": posting.account,
                "account_name": names.get(posting.account, ""),
                "amount": str(posting.amount),
                "text": posting.text,
                "dimensions": {str(number): code for number, code in posting.dimensions},
                "tax": tax_code(posting.tax.kind) if posting.tax else None,
                "tax_part": posting.tax.part.value if posting.tax else None,
            }
            for posting in one.postings
        ],
    }


def journal_xlsx(
    entries: Sequence[Entry], names: Mapping[str, str], convention: Convention
) -> bytes:
    """The journal as a workbook; the columns are those of the CSV, numbers are numbers."""
    columns = [
        CsvColumn(header, itemgetter(place)) for place, header in enumerate(HEADERS[convention])
    ]
    file = io.BytesIO()
    write_sheet(file, "Journal", journal_rows(entries, names, convention), columns)
    return file.getvalue()
