"""BgMax, Bankgirot's file of incoming payments: records of 80 signs in Latin-1 (pure).

A section (05) holds payments (20) and deductions (21), each with further rows, and ends with its
deposit (15); the last record (70) counts everything. Amounts are in hundredths.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from billing.payments.bank.model import (
    BankFile,
    BankFileError,
    Direction,
    Transaction,
    plain_account,
    with_keys,
)

_DIRECTIONS: Final[dict[str, Direction]] = {"20": "credit", "21": "reversal"}
_DETAILS: Final = frozenset({"22", "23", "25", "26", "27", "28", "29"})


@dataclass(slots=True)
class _Payment:
    row: int
    code: str
    record: str
    references: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    name: str = ""
    number: str = ""


@dataclass(slots=True)
class _Reader:
    counts: Counter[str] = field(default_factory=Counter)
    found: list[Transaction] = field(default_factory=list)
    waiting: list[_Payment] = field(default_factory=list)
    account: str = ""
    currency: str = ""
    stamp: str = ""
    is_test: bool = False
    is_ended: bool = False


def read_bgmax(raw: bytes) -> BankFile:
    """The file's payments. Raises BankFileError, naming the row, when anything is not right."""
    reader = _Reader()
    for number, record in enumerate(raw.decode("latin-1").splitlines(), start=1):
        if record.strip():
            _record(reader, number, record.rstrip("\r\n").ljust(80))
    if not reader.is_ended:
        raise BankFileError("truncated", "the file has no last record (70)", "end of file")
    return BankFile(
        format="bgmax",
        file_id=reader.stamp,
        sha256=hashlib.sha256(raw).hexdigest(),
        accounts=tuple(dict.fromkeys(one.account for one in reader.found)),
        transactions=with_keys(reader.found),
        is_test=reader.is_test,
    )


def _record(reader: _Reader, number: int, record: str) -> None:
    at, code = f"row {number}", record[:2]
    if reader.is_ended:
        raise BankFileError("after_end", "a record after the last one", at)
    if not reader.stamp and code != "01":
        raise BankFileError("no_start", "the file does not begin with a BGMAX record (01)", at)
    reader.counts[code] += 1
    if code == "01":
        _start(reader, record, at)
    elif code == "05":
        _section(reader, record, at)
    elif code in _DIRECTIONS:
        if not reader.account:
            raise BankFileError("no_section", "a payment outside a section (05)", at)
        payment = _Payment(number, code, record)
        payment.references = [record[12:37].strip()]
        reader.waiting.append(payment)
    elif code in _DETAILS:
        _detail(reader, record, code, at)
    elif code == "15":
        _deposit(reader, record, at)
    elif code == "70":
        _end(reader, record, at)
    else:
        raise BankFileError("unknown_record", f"{code!r} is no record of BgMax", at)


def _start(reader: _Reader, record: str, at: str) -> None:
    if record[2:22].strip() != "BGMAX" or reader.stamp:
        raise BankFileError("no_start", "is no BGMAX record", at)
    if record[22:24] != "01":
        raise BankFileError("version", f"version {record[22:24]!r} is not known", at)
    reader.stamp, reader.is_test = record[24:44].strip(), record[44] == "T"
    if not reader.stamp:
        raise BankFileError("no_start", "has no time stamp", at)


def _section(reader: _Reader, record: str, at: str) -> None:
    if reader.waiting:
        raise BankFileError("no_deposit", "the section before has no deposit (15)", at)
    account = plain_account(record[2:12])
    if not account.isdigit():
        raise BankFileError("bankgiro", "no bankgiro number", at)
    # The official layout has the currency at 23; some writers put it at 46.
    reader.account, reader.currency = account, record[22:25].strip() or record[45:48].strip()
    if reader.currency not in {"SEK", "EUR"}:
        raise BankFileError("currency", f"{reader.currency!r} is neither SEK nor EUR", at)


def _detail(reader: _Reader, record: str, code: str, at: str) -> None:
    if not reader.waiting:
        raise BankFileError("no_payment", "details without a payment", at)
    payment = reader.waiting[-1]
    if code in {"22", "23"}:
        payment.references.append(record[12:37].strip())
    elif code == "25":
        payment.text.append(record[2:52].strip())
    elif code == "26":
        payment.name = " ".join(record[2:37].split())
    elif code == "29":
        payment.number = record[2:14].strip().lstrip("0")


def _deposit(reader: _Reader, record: str, at: str) -> None:
    booked_on = _day(record[37:45], at)
    made = [_transaction(reader, payment, booked_on) for payment in reader.waiting]
    total = sum(
        (one.amount if one.direction == "credit" else -one.amount for one in made), Decimal(0)
    )
    stated = _amount(record[50:68], at)
    if abs(total) != stated:
        raise BankFileError("deposit_sum", f"says {stated}, its payments are {total}", at)
    if _number(record[71:79], at) != len(made):
        raise BankFileError("deposit_count", f"its payments are {len(made)}", at)
    if record[68:71] != reader.currency:
        raise BankFileError("currency", "another currency than its section", at)
    reader.found += made
    reader.waiting, reader.account = [], ""


def _transaction(reader: _Reader, payment: _Payment, booked_on: date) -> Transaction:
    at, record = f"row {payment.row}", payment.record
    serial = record[57:69].strip()
    references = tuple(dict.fromkeys(filter(None, payment.references)))
    return Transaction(
        account=reader.account,
        bank_id=f"{booked_on:%Y%m%d}/{serial}" if serial.strip("0") else "",
        direction=_DIRECTIONS[payment.code],
        amount=_amount(record[37:55], at),
        currency=reader.currency,
        booked_on=booked_on,
        references=references,
        text="\n".join(payment.text),
        payer_name=payment.name,
        payer_account=plain_account(record[2:12]),
        payer_number=payment.number,
        at=at,
    )


def _end(reader: _Reader, record: str, at: str) -> None:
    if reader.waiting or reader.account:
        raise BankFileError("no_deposit", "the last section has no deposit (15)", at)
    counts = reader.counts
    stated = tuple(_number(record[place : place + 8], at) for place in (2, 10, 18, 26))
    found = (counts["20"], counts["21"], counts["22"] + counts["23"], counts["15"])
    if stated != found:
        raise BankFileError("totals", f"counts {stated}, the file has {found}", at)
    reader.is_ended = True


def _number(text: str, at: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BankFileError("bad_number", f"{text.strip()!r} is no number", at)
    return int(text)


def _amount(text: str, at: str) -> Decimal:
    return Decimal(_number(text, at)).scaleb(-2)


def _day(text: str, at: str) -> date:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise BankFileError("bad_day", f"{text!r} is no day", at) from error
