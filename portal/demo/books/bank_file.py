"""A bank's file of the demo: payments as camt.054 (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from lxml import etree

_SPACE: Final = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that came in: ``reference`` as OCR, or empty with a ``text``."""

    on: date
    amount: Decimal
    payer: str
    reference: str = ""
    text: str = ""


def camt054(file_id: str, account: str, currency: str, payments: Sequence[Paid]) -> bytes:
    """The file with its control sums."""
    root = etree.Element("Document", nsmap={None: _SPACE})  # type: ignore[dict-item]  # no prefix
    body = etree.SubElement(root, "BkToCstmrDbtCdtNtfctn")
    _texts(body, "GrpHdr/MsgId", file_id)
    part = etree.SubElement(body, "Ntfctn")
    _texts(part, "Id", "1")
    _texts(part, "Acct/Id/Othr/Id", account)
    _texts(part, "TxsSummry/TtlCdtNtries/NbOfNtries", str(len(payments)))
    total = sum((one.amount for one in payments), Decimal(0))
    _texts(part.find("TxsSummry/TtlCdtNtries"), "Sum", f"{total:.2f}")
    for number, one in enumerate(payments, start=1):
        _entry(part, f"{file_id}-{number}", currency, one)
    for element in root.iter():
        element.tag = f"{{{_SPACE}}}{element.tag}"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _entry(part: etree._Element, bank_id: str, currency: str, one: Paid) -> None:
    entry = etree.SubElement(part, "Ntry")
    _texts(entry, "Amt", f"{one.amount:.2f}").set("Ccy", currency)
    _texts(entry, "CdtDbtInd", "CRDT")
    _texts(entry, "Sts/Cd", "BOOK")
    _texts(entry, "BookgDt/Dt", one.on.isoformat())
    detail = etree.SubElement(etree.SubElement(entry, "NtryDtls"), "TxDtls")
    _texts(detail, "Refs/AcctSvcrRef", bank_id)
    _texts(detail, "RltdPties/Dbtr/Pty/Nm", one.payer)
    if one.reference:
        _texts(detail, "RmtInf/Strd/CdtrRefInf/Ref", one.reference)
    else:
        _texts(detail, "RmtInf/Ustrd", one.text)


def _texts(parent: etree._Element | None, path: str, text: str) -> etree._Element:
    assert parent is not None
    for name in path.split("/"):
        parent = etree.SubElement(parent, name)
    parent.text = text
    return parent
