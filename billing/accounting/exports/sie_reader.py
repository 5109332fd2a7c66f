"""A strict reader of SIE 4I files: everything is checked, every voucher balances (pure).

Labels that the format does not know are passed over, as clause 7.1 asks, but count in the checksum.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from billing.accounting.entries import Dimensions
from billing.accounting.exports.sie_text import CODEPAGE, Field, checksum, fields_of
from billing.problem import MoneyProblem

MOST_BYTES: Final = 50_000_000
NEEDED: Final = ("#FLAGGA", "#PROGRAM", "#FORMAT", "#GEN", "#SIETYP", "#FNAMN")
FORBIDDEN: Final = frozenset(
    "#IB #UB #OIB #OUB #RES #PSALDO #PBUDGET #OMFATTN #BKOD".split()  # noqa: SIM905 - a list of words
)
_LABEL: Final = re.compile(r"(#[A-ZÅÄÖ0-9]+)(.*)", re.DOTALL)
_AMOUNT: Final = re.compile(r"-?\d{1,15}(\.\d{1,2})?", re.ASCII)
_ACCOUNT: Final = re.compile(r"\d{1,6}", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class SieRow:
    """A row of a voucher."""

    account: str
    dimensions: Dimensions
    amount: Decimal
    text: str = ""


@dataclass(frozen=True, slots=True)
class SieVoucher:
    """A voucher whose rows sum to zero."""

    series: str
    number: str
    on: date
    text: str
    rows: tuple[SieRow, ...]


@dataclass(frozen=True, slots=True)
class SieFile:
    """What a file says. ``has_checksum``: it carried one, and it was right."""

    company: str
    organisation_number: str
    currency: str
    is_imported: bool
    accounts: dict[str, str]
    objects: dict[tuple[int, str], str]
    years: tuple[tuple[date, date], ...]
    vouchers: tuple[SieVoucher, ...]
    has_checksum: bool


def read_sie(data: bytes) -> SieFile:
    """The file, or MoneyProblem with the line at fault."""
    reader = _Reader()
    number = 0
    for number, line in enumerate(_text(data).split("\n"), start=1):
        try:
            reader.take(line.strip(" \t\r"))
        except MoneyProblem as problem:
            raise MoneyProblem(problem.code, problem.message, f"line {number}") from problem
    return reader.finished(number)


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise MoneyProblem("sie_too_large", "The file is too large")
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            raise MoneyProblem("sie_utf8", "The file is UTF-8; SIE is written in codepage 437")
    text = data.decode(CODEPAGE)
    if _CONTROL.search(text):
        raise MoneyProblem("sie_control", "The file holds control characters")
    return text


@dataclass
class _Reader:
    values: dict[str, list[Field]] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    objects: dict[tuple[int, str], str] = field(default_factory=dict)
    years: list[tuple[date, date]] = field(default_factory=list)
    vouchers: list[SieVoucher] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    summed: list[tuple[str, list[Field]]] | None = None
    stated: int | None = None
    head: SieVoucher | None = None
    rows: list[SieRow] | None = None

    def take(self, line: str) -> None:
        """One line; empty ones are allowed (5.6), braces stand alone (5.4)."""
        if not line:
            return
        if line in "{}":
            self._open() if line == "{" else self._close()
            return
        found = _LABEL.fullmatch(line)
        if found is None:
            raise MoneyProblem("sie_label", "A line begins with a label")
        label, fields = found[1], fields_of(found[2])
        self._order(label)
        if label == "#KSUMMA":
            self._checksum(fields)
            return
        if self.summed is not None:
            self.summed.append((label, fields))
        self._record(label, fields)

    def finished(self, lines: int) -> SieFile:
        """What was read, once the end is there."""
        at = f"line {lines}"
        if self.head is not None or (self.summed is not None and self.stated is None):
            raise MoneyProblem("sie_cut", "The file ends too early", at)
        missing = [label for label in NEEDED if label not in self.values]
        if missing:
            raise MoneyProblem("sie_missing", f"{missing[0]} is missing", at)
        undeclared = {row.account for one in self.vouchers for row in one.rows} - set(self.accounts)
        if self.accounts and undeclared:
            raise MoneyProblem("sie_account", f"Account {min(undeclared)} is not declared", at)
        return SieFile(
            self._value("#FNAMN"), self._value("#ORGNR"), self._value("#VALUTA") or "SEK",
            self._value("#FLAGGA") == "1", self.accounts, self.objects, tuple(self.years),
            tuple(self.vouchers), self.stated is not None,
        )  # fmt: skip

    def _value(self, label: str) -> str:
        fields = self.values.get(label) or [""]
        return _plain(fields, 0)

    def _order(self, label: str) -> None:
        if not self.values and label != "#FLAGGA":
            raise MoneyProblem("sie_flag_first", "The file begins with #FLAGGA")
        if label in FORBIDDEN:
            raise MoneyProblem("sie_forbidden", f"{label} must not stand in a file of type 4I")
        if self.stated is not None:
            raise MoneyProblem("sie_after_end", "Something follows the checksum")
        if (self.rows is not None) != (label in ("#TRANS", "#RTRANS", "#BTRANS")):
            raise MoneyProblem("sie_place", f"{label} stands in the wrong place")
        if self.head is not None and self.rows is None:
            raise MoneyProblem("sie_no_rows", "A voucher has rows in braces")
        if self.vouchers and label in (*NEEDED, "#KONTO", "#DIM", "#OBJEKT", "#RAR"):
            raise MoneyProblem("sie_order", f"{label} stands after the vouchers")

    def _checksum(self, fields: list[Field]) -> None:
        if self.summed is None:
            self.summed = []
            return
        number = _plain(fields, 0)
        if not re.fullmatch(r"-?\d{1,10}", number, re.ASCII):
            raise MoneyProblem("sie_checksum", "The checksum is no number")
        self.stated = int(number) % 2**32
        if self.stated != checksum(self.summed):
            raise MoneyProblem("sie_checksum", "The checksum is wrong: the file was changed or cut")

    def _record(self, label: str, fields: list[Field]) -> None:
        rules: dict[str, Callable[[list[Field]], None]] = {
            "#VER": self._voucher,
            "#TRANS": self._row,
            "#KONTO": self._account,
            "#OBJEKT": self._object,
            "#RAR": self._year,
        }
        if label in rules:
            rules[label](fields)
            return
        if label in NEEDED and label in self.values:
            raise MoneyProblem("sie_twice", f"{label} stands twice")
        self.values[label] = fields
        allowed = {"#FLAGGA": ("0", "1"), "#FORMAT": ("PC8",), "#SIETYP": ("4",)}
        if label in allowed and _plain(fields, 0) not in allowed[label]:
            raise MoneyProblem("sie_value", f"{label} has a value that is not allowed")
        if label == "#GEN":
            _day(_plain(fields, 0))

    def _account(self, fields: list[Field]) -> None:
        account, name = _plain(fields, 0), _plain(fields, 1)
        if not _ACCOUNT.fullmatch(account) or account in self.accounts:
            raise MoneyProblem("sie_account", f"Account {account!r} is none or stands twice")
        self.accounts[account] = name

    def _object(self, fields: list[Field]) -> None:
        dimension, code, name = (_plain(fields, place) for place in range(3))
        self.objects[_dimension(dimension), code] = name

    def _year(self, fields: list[Field]) -> None:
        if _plain(fields, 1) or _plain(fields, 2):
            self.years.append((_day(_plain(fields, 1)), _day(_plain(fields, 2))))

    def _voucher(self, fields: list[Field]) -> None:
        series, number, day, text = (_plain(fields, place) for place in range(4))
        before = self.numbers.get(series, 0)
        if number.isascii() and number.isdigit() and int(number) > 0:
            if int(number) <= before:
                raise MoneyProblem("sie_number", "Numbers of a series go up")
            self.numbers[series] = int(number)
        self.head = SieVoucher(series, number, _day(day), text, ())

    def _row(self, fields: list[Field]) -> None:
        account, amount = _plain(fields, 0), _plain(fields, 2)
        parts = fields[1] if len(fields) > 1 else ""
        if isinstance(parts, str) or len(parts) % 2:
            raise MoneyProblem("sie_objects", "Objects are pairs in braces")
        if not _ACCOUNT.fullmatch(account):
            raise MoneyProblem("sie_account", f"{account!r} is no account")
        if not _AMOUNT.fullmatch(amount):
            raise MoneyProblem("sie_amount", f"{amount!r} is no amount")
        if _plain(fields, 3):
            _day(_plain(fields, 3))
        pairs = zip(parts[::2], parts[1::2], strict=True)
        dimensions = tuple((_dimension(number), code) for number, code in pairs)
        if self.rows is not None:
            self.rows.append(SieRow(account, dimensions, Decimal(amount), _plain(fields, 4)))

    def _open(self) -> None:
        if self.head is None or self.rows is not None:
            raise MoneyProblem("sie_brace", "A brace stands in the wrong place")
        self.rows = []

    def _close(self) -> None:
        if self.head is None or self.rows is None:
            raise MoneyProblem("sie_brace", "A brace stands in the wrong place")
        off = sum((row.amount for row in self.rows), Decimal())
        if off or not self.rows:
            raise MoneyProblem("sie_unbalanced", f"The voucher is empty or off by {off}")
        one = self.head
        self.vouchers.append(SieVoucher(one.series, one.number, one.on, one.text, tuple(self.rows)))
        self.head = self.rows = None


def _plain(fields: list[Field], place: int) -> str:
    """A field that is no list; empty where there is none."""
    value = fields[place] if place < len(fields) else ""
    if not isinstance(value, str):
        raise MoneyProblem("sie_field", "Braces stand where a value belongs")
    return value


def _dimension(number: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,5}", number, re.ASCII):
        raise MoneyProblem("sie_objects", f"{number!r} is no dimension")
    return int(number)


def _day(text: str) -> date:
    try:
        if not re.fullmatch(r"\d{8}", text, re.ASCII):
            raise ValueError
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise MoneyProblem("sie_date", f"{text!r} is no date") from error
