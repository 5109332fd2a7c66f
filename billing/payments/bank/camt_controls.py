"""The sums that a camt file states about itself (pure)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from billing.payments.bank import xml
from billing.payments.bank.model import BankFileError

_SUMMARIES: Final = (
    ("TxsSummry/TtlNtries", ("CRDT", "DBIT")),
    ("TxsSummry/TtlCdtNtries", ("CRDT",)),
    ("TxsSummry/TtlDbtNtries", ("DBIT",)),
)


def is_booked(entry: etree._Element) -> bool:
    """Whether an entry is final: pending and informative ones are passed over."""
    return xml.text(entry, "Sts/Cd", "Sts/Prtry", "Sts") in {"BOOK", ""}


def amounts_of(detail: etree._Element) -> list[etree._Element]:
    """The element with the sum of one of several transactions."""
    return xml.children(detail, "Amt") or xml.children(detail, "AmtDtls/TxAmt/Amt")


def check_entry(entry: etree._Element) -> None:
    """The transactions of an entry are as many, and come to as much, as it says."""
    total = _entry_amount(entry)
    details = xml.children(entry, "NtryDtls/TxDtls")
    count = xml.text(entry, "NtryDtls/Btch/NbOfTxs")
    if details and count and _whole(count, entry) != len(details):
        raise BankFileError("entry_count", f"says {count}, has {len(details)}", xml.at(entry))
    sums = [xml.amount(amounts[0]) for one in details if (amounts := amounts_of(one))]
    if len(details) > 1 and len(sums) == len(details) and sum(sums) != total:
        raise BankFileError("entry_sum", f"says {total}, has {sum(sums)}", xml.at(entry))


def check_statement(statement: etree._Element) -> None:
    """The entries come to what the summary says, and lead from the opening to the closing."""
    entries = xml.children(statement, "Ntry")
    for path, marks in _SUMMARIES:
        for summary in xml.children(statement, path):
            _check_summary(summary, [one for one in entries if _mark(one) in marks])
    balances = {xml.text(one, "Tp/CdOrPrtry/Cd"): one for one in xml.children(statement, "Bal")}
    opening = balances.get("OPBD", balances.get("PRCD"))
    closing = balances.get("CLBD")
    if opening is None or closing is None:
        return
    moved = sum((_signed(one) for one in entries if is_booked(one)), Decimal(0))
    if _signed(opening) + moved != _signed(closing):
        text = f"{_signed(opening)} and {moved} do not make {_signed(closing)}"
        raise BankFileError("balance", text, xml.at(closing))


def _check_summary(summary: etree._Element, entries: list[etree._Element]) -> None:
    count, total = xml.text(summary, "NbOfNtries"), xml.text(summary, "Sum")
    if count and _whole(count, summary) != len(entries):
        raise BankFileError("summary_count", f"says {count}, has {len(entries)}", xml.at(summary))
    found = sum((_entry_amount(one) for one in entries), Decimal(0))
    if total and _decimal(total, summary) != found:
        raise BankFileError("summary_sum", f"says {total}, has {found}", xml.at(summary))


def _mark(entry: etree._Element) -> str:
    return xml.text(entry, "CdtDbtInd")


def _entry_amount(entry: etree._Element) -> Decimal:
    found = xml.children(entry, "Amt")
    if len(found) != 1:
        raise BankFileError("no_amount", "has no amount", xml.at(entry))
    return xml.amount(found[0])


def _signed(element: etree._Element) -> Decimal:
    amount = _entry_amount(element)
    return -amount if _mark(element) == "DBIT" else amount


def _whole(text: str, element: etree._Element) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BankFileError("bad_number", f"{text!r} is no number", xml.at(element))
    return int(text)


def _decimal(text: str, element: etree._Element) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise BankFileError("bad_number", f"{text!r} is no number", xml.at(element)) from error
