"""The journal as CSV, as Swedish or international spreadsheets read it (pure)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from billing.accounting.entries import Entry
from billing.accounting.exports.vouchers import WORDS, Voucher
from billing.accounting.vat import tax_code
from core.lists.cells import defused
from core.money import minor_digits


class Convention(StrEnum):
    """Swedish: semicolons and decimal commas; international: commas and decimal points."""

    SWEDISH = "swedish"
    INTERNATIONAL = "international"


BOM: Final = "\N{BYTE ORDER MARK}"
HEADERS: Final = {
    Convention.SWEDISH: (
        "Datum", "Händelse", "Underlag", "Text", "Konto", "Kontonamn", "Dimensioner", "Debet",
        "Kredit", "Valuta", "Momskod",
    ),
    Convention.INTERNATIONAL: (
        "date", "kind", "document", "text", "account", "account_name", "dimensions", "debit",
        "credit", "currency", "tax_code",
    ),
}  # fmt: skip
CURRENCY_PLACE: Final = HEADERS[Convention.SWEDISH].index("Valuta")
_DOCUMENT_HEADERS: Final = {
    Convention.SWEDISH: ("Datum", "Verifikation", "Underlag"),
    Convention.INTERNATIONAL: ("date", "voucher", "document"),
}


@dataclass(frozen=True, slots=True)
class _Style:
    convention: Convention

    def line(self, cells: Iterable[str]) -> str:
        file = io.StringIO(newline="")
        delimiter = ";" if self.convention is Convention.SWEDISH else ","
        csv.writer(file, delimiter=delimiter).writerow(cells)
        return file.getvalue()

    def number(self, amount: Decimal, currency: str) -> str:
        text = f"{amount:.{minor_digits(currency)}f}"
        return text.replace(".", ",") if self.convention is Convention.SWEDISH else text


def journal_csv(
    entries: Iterable[Entry],
    *,
    account_names: Mapping[str, str],
    convention: Convention = Convention.SWEDISH,
) -> Iterator[str]:
    """Lines of text, the first with a byte order mark; debit and credit are both above zero."""
    style = _Style(convention)
    yield BOM + style.line(HEADERS[convention])
    for row in journal_rows(entries, account_names, convention):
        currency = str(row[CURRENCY_PLACE])
        yield style.line(
            style.number(value, currency) if isinstance(value, Decimal) else defused(str(value))
            for value in row
        )


def journal_rows(
    entries: Iterable[Entry], account_names: Mapping[str, str], convention: Convention
) -> Iterator[tuple[object, ...]]:
    """A row for each posting with what the headers name; debit and credit are both above zero,
    what is not there is an empty text."""
    for one in entries:
        kind = WORDS[one.kind] if convention is Convention.SWEDISH else one.kind.value
        for posting in one.postings:
            yield (
                one.on, kind, one.document, posting.text or one.text, posting.account,
                account_names.get(posting.account, ""),
                " ".join(f"{number}:{code}" for number, code in posting.dimensions),
                posting.amount if posting.amount > 0 else "",
                -posting.amount if posting.amount < 0 else "",
                posting.currency, tax_code(posting.tax.kind) if posting.tax else "",
            )  # fmt: skip


def document_list_csv(
    vouchers: Iterable[Voucher], *, convention: Convention = Convention.SWEDISH
) -> Iterator[str]:
    """Which documents stand behind each voucher, as BFNAR 2013:2 asks where one holds many."""
    style = _Style(convention)
    yield BOM + style.line(_DOCUMENT_HEADERS[convention])
    for one in vouchers:
        for document in one.documents:
            yield style.line([one.on.isoformat(), defused(one.text), defused(document)])
