"""What a bank's file says, in one shape for all formats (pure, frozen)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal

Format = Literal["camt.054", "camt.053", "bgmax", "swish_csv"]
Direction = Literal["credit", "reversal", "debit"]
MOST_BYTES: Final = 30_000_000


class BankFileError(ValueError):
    """A file that is refused whole: ``code`` is stable, ``at`` names the row or element."""

    def __init__(self, code: str, message: str, at: str = "") -> None:
        super().__init__(f"{at}: {message}" if at else message)
        self.code, self.message, self.at = code, message, at


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One payment. ``amount`` is never negative; ``direction`` says which way it went.

    ``key`` is the same for the same payment in every file of the account, and no other's.
    ``bank_id`` is the bank's own number, empty where it gives none. A ``reversal`` takes back an
    earlier credit; a ``debit`` is money paid out. ``references`` are what the payer gave as such,
    ``text`` is what was written freely.
    """

    key: str = ""
    account: str
    bank_id: str = ""
    direction: Direction = "credit"
    amount: Decimal
    currency: str
    booked_on: date
    references: tuple[str, ...] = ()
    text: str = ""
    payer_name: str = ""
    payer_account: str = ""
    payer_number: str = ""
    end_to_end_id: str = ""
    at: str = ""

    @property
    def is_reversal(self) -> bool:
        """Whether an earlier payment is taken back."""
        return self.direction == "reversal"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFile:
    """A whole file. ``sha256`` and ``key`` make it known when it comes again."""

    format: Format
    file_id: str
    sha256: str
    accounts: tuple[str, ...]
    transactions: tuple[Transaction, ...]
    is_test: bool = False

    @property
    def key(self) -> str:
        """The file by its own name: format, accounts and the sender's id."""
        return f"{self.format}:{'+'.join(self.accounts)}:{self.file_id or self.sha256}"


def plain_account(text: str) -> str:
    """An account number without blanks, hyphens and leading zeros, as keys are made of it."""
    return "".join(sign for sign in text.upper() if sign.isalnum()).lstrip("0")


def with_keys(transactions: Iterable[Transaction]) -> tuple[Transaction, ...]:
    """Every transaction with its key; BankFileError where one stands in the file twice.

    The key is made of the bank's number. Where several payments share it (that of their batch), or
    there is none, the content is added; payments without a number and of the same content are
    counted, so two equal ones stay two, and the file read again gives the same keys.
    """
    rows = list(transactions)
    shared = Counter(_base(one) for one in rows if one.bank_id)
    seen: Counter[str] = Counter()
    found = []
    for one in rows:
        base = _base(one)
        key = base if one.bank_id and shared[base] == 1 else f"{base}#{_digest(one)}"
        seen[key] += 1
        if one.bank_id and seen[key] > 1:
            raise BankFileError("transaction_twice", f"{one.bank_id} occurs twice", one.at)
        found.append(replace(one, key=key if one.bank_id else f"{key}:{seen[key]}"))
    return tuple(found)


def _base(one: Transaction) -> str:
    # A payment that is taken back may carry the number of the payment.
    back = "" if one.direction == "credit" else f"{one.direction}:"
    return f"{one.account}:{back}{one.bank_id}"


def _digest(one: Transaction) -> str:
    parts = (one.account, one.direction, format(one.amount.normalize(), "f"), one.currency,
             one.booked_on.isoformat(), *one.references, one.text, one.payer_name,
             one.payer_account, one.end_to_end_id)  # fmt: skip
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
