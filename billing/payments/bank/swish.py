"""Swish reports as banks export them: CSV with a head, found by the names of its columns (pure)."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from billing.payments.bank.model import (
    BankFile,
    BankFileError,
    Transaction,
    plain_account,
    with_keys,
)

_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "booked_on": ("bokföringsdatum", "bokföringsdag", "transaktionsdatum", "transaktionsdag",
                  "datum", "booking date", "transaction date", "date"),
    "amount": ("belopp", "amount"),
    "currency": ("valuta", "currency"),
    "account": ("mottagarnummer", "mottagarens nummer", "swishnummer", "mottagarnr",
                "swish number", "payee alias", "payee number"),
    "payer": ("avsändarnummer", "avsändarens nummer", "mobilnummer", "mobilnr", "payer alias",
              "payer number", "mobile no."),
    "name": ("avsändarnamn", "avsändarens namn", "namn", "name", "payer name"),
    "message": ("meddelande", "message", "notification"),
    "reference": ("orderreferens", "order-id", "orderid", "order id", "betalningsreferens",
                  "payee payment reference"),
    "bank_id": ("betalreferens", "swish-referens", "swishreferens", "referens",
                "payment reference", "reference"),
}  # fmt: skip
_TOTALS: Final = ("summa", "totalt", "total", "sum")
_NEEDED: Final = ("booked_on", "amount", "account", "bank_id")


def read_swish(raw: bytes) -> BankFile:
    """The payments of a report; a row of totals, where there is one, must agree."""
    rows = _rows(raw)
    head_no, columns = _head(rows)
    found: list[Transaction] = []
    total: tuple[Decimal, str] | None = None
    for number, row in enumerate(rows[head_no + 1 :], start=head_no + 2):
        if not any(cell.strip() for cell in row):
            continue
        at = f"row {number}"
        if total is not None:
            raise BankFileError("after_end", "a row after the totals", at)
        if row[0].strip().casefold().rstrip(":") in _TOTALS:
            total = (_amount(_cell(row, columns, "amount"), at), at)
            continue
        found.append(_transaction(row, columns, at))
    _check_total(found, total)
    return BankFile(
        format="swish_csv",
        file_id="",
        sha256=hashlib.sha256(raw).hexdigest(),
        accounts=tuple(dict.fromkeys(one.account for one in found)),
        transactions=with_keys(found),
    )


def _rows(raw: bytes) -> list[list[str]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise BankFileError("not_text", "is no text file", "row 1")
    first = next((line for line in text.splitlines() if line.count(";") + line.count(",") > 2), "")
    separator = max(";,\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise BankFileError("not_csv", f"is no CSV: {error}") from error


def _head(rows: list[list[str]]) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(rows[:20]):
        cells = [" ".join(cell.casefold().split()) for cell in row]
        columns = {
            key: cells.index(name)
            for key, names in _NAMES.items()
            for name in reversed(names)
            if name in cells
        }
        if all(key in columns for key in _NEEDED):
            return number, columns
    missing = "the columns of day, amount, Swish number and reference were not found"
    raise BankFileError("no_head", missing, "row 1")


def _cell(row: list[str], columns: dict[str, int], key: str) -> str:
    place = columns.get(key)
    return " ".join(row[place].split()) if place is not None and place < len(row) else ""


def _transaction(row: list[str], columns: dict[str, int], at: str) -> Transaction:
    amount = _amount(_cell(row, columns, "amount"), at)
    reference, message = _cell(row, columns, "reference"), _cell(row, columns, "message")
    is_back = amount < 0
    bank_id = _cell(row, columns, "bank_id")
    account = plain_account(_cell(row, columns, "account"))
    if not account:
        raise BankFileError("no_account", "has no Swish number", at)
    return Transaction(
        account=account,
        bank_id=bank_id,
        direction="reversal" if is_back else "credit",
        amount=abs(amount),
        currency=_cell(row, columns, "currency") or "SEK",
        booked_on=_day(_cell(row, columns, "booked_on"), at),
        references=tuple(filter(None, (reference, *_whole_number(message)))),
        text=message,
        payer_name=_cell(row, columns, "name"),
        payer_account=plain_account(_cell(row, columns, "payer")),
        at=at,
    )


def _whole_number(message: str) -> list[str]:
    digits = re.sub(r"[\s-]", "", message)
    return [digits] if re.fullmatch(r"[0-9]{2,25}", digits) else []


def _check_total(found: list[Transaction], total: tuple[Decimal, str] | None) -> None:
    if total is None:
        return
    signed = sum((-one.amount if one.is_reversal else one.amount for one in found), Decimal(0))
    if signed != total[0]:
        raise BankFileError("totals", f"says {total[0]}, the rows are {signed}", total[1])


def _amount(text: str, at: str) -> Decimal:
    plain = re.sub(r"[\s\u00a0']", "", text).replace("\u2212", "-").removesuffix("SEK")
    if plain.rfind(",") > plain.rfind("."):
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise BankFileError("bad_amount", f"{text!r} is no amount", at) from error
    if not number.is_finite() or abs(number) >= 10**12:
        raise BankFileError("bad_amount", f"{text!r} is no amount", at)
    return number


def _day(text: str, at: str) -> date:
    for form in ("%Y-%m-%d", "%Y%m%d"):
        try:
            return datetime.strptime(text[:10].strip(), form).date()  # noqa: DTZ007 - no zone
        except ValueError:
            continue
    raise BankFileError("bad_day", f"{text!r} is no day", at)
