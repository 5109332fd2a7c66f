"""A bank's file of any known format, told by its content (pure)."""

from __future__ import annotations

from billing.payments.bank.bgmax import read_bgmax
from billing.payments.bank.camt import read_camt
from billing.payments.bank.model import MOST_BYTES, BankFile, BankFileError
from billing.payments.bank.swish import read_swish


def read_bank_file(raw: bytes) -> BankFile:
    """The file in its one shape. Raises BankFileError: a broken file is refused whole."""
    if len(raw) > MOST_BYTES:
        raise BankFileError("too_large", "the file is too large")
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise BankFileError("empty", "the file is empty")
    if start.startswith(b"<"):
        return read_camt(raw)
    if start.startswith(b"01BGMAX"):
        return read_bgmax(raw)
    return read_swish(raw)
