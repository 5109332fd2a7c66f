"""camt.054 (notifications) and camt.053 (statements) of ISO 20022, versions 02 to 13 (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from lxml import etree

from billing.payments.bank import xml
from billing.payments.bank.camt_controls import amounts_of, check_entry, check_statement, is_booked
from billing.payments.bank.model import (
    BankFile,
    BankFileError,
    Direction,
    Format,
    Transaction,
    plain_account,
    with_keys,
)

_KINDS: Final[dict[str, tuple[Format, str]]] = {
    "BkToCstmrDbtCdtNtfctn": ("camt.054", "Ntfctn"),
    "BkToCstmrStmt": ("camt.053", "Stmt"),
}
_NOT_GIVEN: Final = frozenset({"NOTPROVIDED", "NONREF"})


def read_camt(raw: bytes) -> BankFile:
    """The booked payments. Raises BankFileError, naming the element, when sums disagree."""
    root = xml.parse(raw)
    body = next((child for child in root if xml.name(child) in _KINDS), None)
    if xml.name(root) != "Document" or body is None:
        raise BankFileError("other_document", "is neither camt.053 nor camt.054", xml.at(root))
    kind, part = _KINDS[xml.name(body)]
    statements = xml.children(body, part)
    if not statements:
        raise BankFileError("no_statements", f"has no {part}", xml.at(body))
    found: list[Transaction] = []
    accounts = []
    for statement in statements:
        check_statement(statement)
        accounts.append(_account(statement))
        found += _statement(statement, accounts[-1])
    return BankFile(
        format=kind,
        file_id=xml.text(body, "GrpHdr/MsgId"),
        sha256=hashlib.sha256(raw).hexdigest(),
        accounts=tuple(dict.fromkeys(accounts)),
        transactions=with_keys(found),
    )


def _account(statement: etree._Element) -> str:
    number = xml.text(statement, "Acct/Id/IBAN", "Acct/Id/Othr/Id")
    if not number:
        raise BankFileError("no_account", "has no account", xml.at(statement))
    return plain_account(number)


def _statement(statement: etree._Element, account: str) -> Iterator[Transaction]:
    for entry in xml.children(statement, "Ntry"):
        if not is_booked(entry):
            continue
        check_entry(entry)
        details = xml.children(entry, "NtryDtls/TxDtls")
        if len(details) < 2:
            yield _transaction(entry, details[0] if details else entry, account, is_alone=True)
        else:
            for detail in details:
                yield _transaction(entry, detail, account, is_alone=False)


def _transaction(
    entry: etree._Element, detail: etree._Element, account: str, *, is_alone: bool
) -> Transaction:
    amount = _amount(entry, detail, is_alone=is_alone)
    bank_id = xml.text(detail, "Refs/AcctSvcrRef")
    if not bank_id and is_alone:
        bank_id = xml.text(entry, "AcctSvcrRef")
    references = [
        xml.text(one, "CdtrRefInf/Ref") for one in xml.children(detail, "RmtInf/Strd")
    ] + [xml.text(one, "Nb") for one in xml.children(detail, "RmtInf/Strd/RfrdDocInf")]
    texts = [one.text or "" for one in xml.children(detail, "RmtInf/Ustrd")]
    end_to_end = xml.text(detail, "Refs/EndToEndId")
    return Transaction(
        account=account,
        bank_id="" if bank_id in _NOT_GIVEN else bank_id,
        direction=_direction(entry, detail),
        amount=xml.amount(amount),
        currency=amount.get("Ccy", ""),
        booked_on=xml.day(entry, "BookgDt"),
        references=tuple(dict.fromkeys(filter(None, references))),
        text="\n".join(" ".join(one.split()) for one in texts),
        payer_name=xml.text(detail, "RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm"),
        payer_account=plain_account(
            xml.text(detail, "RltdPties/DbtrAcct/Id/IBAN", "RltdPties/DbtrAcct/Id/Othr/Id")
        ),
        payer_number=xml.text(
            detail,
            "RltdPties/Dbtr/Pty/Id/OrgId/Othr/Id",
            "RltdPties/Dbtr/Id/OrgId/Othr/Id",
        ),
        end_to_end_id="" if end_to_end in _NOT_GIVEN else end_to_end,
        at=xml.at(detail),
    )


def _amount(entry: etree._Element, detail: etree._Element, *, is_alone: bool) -> etree._Element:
    own = xml.children(entry, "Amt") if is_alone else amounts_of(detail)
    if not own:
        raise BankFileError("no_amount", "one of several has no amount", xml.at(detail))
    return own[0]


def _direction(entry: etree._Element, detail: etree._Element) -> Direction:
    mark = xml.text(detail, "CdtDbtInd") or xml.text(entry, "CdtDbtInd")
    if mark not in {"CRDT", "DBIT"}:
        raise BankFileError("direction", f"{mark!r} is neither CRDT nor DBIT", xml.at(entry))
    is_reversal = xml.text(entry, "RvslInd").lower() in {"true", "1"}
    if mark == "CRDT":
        # A payment of ours that came back is money in, but no payment of a customer.
        return "debit" if is_reversal else "credit"
    is_return = bool(xml.children(detail, "RtrInf"))
    return "reversal" if is_reversal or is_return else "debit"
