"""Payouts as pain.001.001.09, the credit transfer order of ISO 20022 (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Final

from lxml import etree
from stdnum import bic as bics
from stdnum import iban as ibans
from stdnum import luhn
from stdnum.exceptions import ValidationError

from billing.invoices.ocr import is_ocr
from core.money import is_currency, smallest_unit

SPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_ID: Final = re.compile(r"[0-9A-Za-z/?:().,'+ -]{1,35}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BANKGIRO_CLEARING: Final = "9900"


class PayoutError(ValueError):
    """An order that cannot be written: ``code`` is stable, ``at`` a path like payouts[0].iban."""

    def __init__(self, code: str, message: str, at: str) -> None:
        super().__init__(f"{at}: {message}")
        self.code, self.message, self.at = code, message, at


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """Who pays, from which account."""

    name: str
    organisation_number: str
    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """One payment to an IBAN or a bankgiro. ``reference``: an OCR, or at most 140 signs of text."""

    id: str
    name: str
    amount: Decimal
    currency: str
    pay_on: date
    reference: str = ""
    iban: str = ""
    bic: str = ""
    bankgiro: str = ""
    country_code: str = "SE"


def write_pain001(
    payouts: Sequence[Payout], *, debtor: Debtor, message_id: str, created_at: datetime
) -> bytes:
    """The file. Raises PayoutError for the first thing a bank would refuse."""
    _check(payouts, debtor, message_id, created_at)
    root = etree.Element(f"{{{SPACE}}}Document", nsmap={None: SPACE})  # type: ignore[dict-item]  # no prefix
    order = _part(root, "CstmrCdtTrfInitn")
    head = _part(order, "GrpHdr")
    _text(head, "MsgId", message_id)
    _text(head, "CreDtTm", created_at.isoformat(timespec="seconds"))
    _text(head, "NbOfTxs", str(len(payouts)))
    _text(head, "CtrlSum", _sum(payouts))
    _party(head, "InitgPty", debtor.name, debtor.organisation_number)
    ordered = sorted(payouts, key=_batch)
    for number, (_key, batch) in enumerate(groupby(ordered, key=_batch), start=1):
        _batch_part(order, list(batch), debtor, f"{message_id[:30]}-{number}")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _batch(payout: Payout) -> tuple[date, str]:
    return payout.pay_on, payout.currency


def _sum(payouts: Sequence[Payout]) -> str:
    return format(sum((payout.amount for payout in payouts), Decimal(0)), "f")


def _batch_part(
    order: etree._Element, payouts: Sequence[Payout], debtor: Debtor, batch_id: str
) -> None:
    part = _part(order, "PmtInf")
    _text(part, "PmtInfId", batch_id)
    _text(part, "PmtMtd", "TRF")
    _text(part, "NbOfTxs", str(len(payouts)))
    _text(part, "CtrlSum", _sum(payouts))
    service = "SEPA" if payouts[0].currency == "EUR" else "NURG"
    _text(_part(part, "PmtTpInf", "SvcLvl"), "Cd", service)
    _text(_part(part, "ReqdExctnDt"), "Dt", payouts[0].pay_on.isoformat())
    _party(part, "Dbtr", debtor.name, debtor.organisation_number)
    _text(_part(part, "DbtrAcct", "Id"), "IBAN", debtor.iban.replace(" ", ""))
    agent = _part(part, "DbtrAgt", "FinInstnId")
    if debtor.bic:
        _text(agent, "BICFI", debtor.bic)
    else:
        _text(_part(agent, "Othr"), "Id", "NOTPROVIDED")
    for payout in payouts:
        _transfer(part, payout)


def _transfer(part: etree._Element, payout: Payout) -> None:
    transfer = _part(part, "CdtTrfTxInf")
    _text(_part(transfer, "PmtId"), "EndToEndId", payout.id)
    amount = _part(_part(transfer, "Amt"), "InstdAmt")
    amount.text = format(payout.amount.quantize(smallest_unit(payout.currency)), "f")
    amount.set("Ccy", payout.currency)
    bankgiro = _digits(payout.bankgiro)
    if bankgiro:
        clearing = _part(transfer, "CdtrAgt", "FinInstnId", "ClrSysMmbId")
        _text(_part(clearing, "ClrSysId"), "Cd", "SESBA")
        _text(clearing, "MmbId", _BANKGIRO_CLEARING)
    elif payout.bic:
        _text(_part(transfer, "CdtrAgt", "FinInstnId"), "BICFI", payout.bic)
    creditor = _part(transfer, "Cdtr")
    _text(creditor, "Nm", payout.name[:140])
    _text(_part(creditor, "PstlAdr"), "Ctry", payout.country_code)
    account = _part(transfer, "CdtrAcct", "Id")
    if bankgiro:
        other = _part(account, "Othr")
        _text(other, "Id", bankgiro)
        _text(_part(other, "SchmeNm"), "Prtry", "BGNR")
    else:
        _text(account, "IBAN", payout.iban.replace(" ", ""))
    _remittance(transfer, payout)


def _remittance(transfer: etree._Element, payout: Payout) -> None:
    if not payout.reference:
        return
    part = _part(transfer, "RmtInf")
    if not is_ocr(payout.reference):
        _text(part, "Ustrd", payout.reference)
        return
    reference = _part(part, "Strd", "CdtrRefInf")
    _text(_part(reference, "Tp", "CdOrPrtry"), "Cd", "SCOR")
    _text(reference, "Ref", payout.reference)


def _party(parent: etree._Element, name: str, called: str, number: str) -> None:
    party = _part(parent, name)
    _text(party, "Nm", called[:140])
    other = _part(party, "Id", "OrgId", "Othr")
    _text(other, "Id", _digits(number))
    _text(_part(other, "SchmeNm"), "Cd", "COID")


def _part(parent: etree._Element, *names: str) -> etree._Element:
    for name in names:
        parent = etree.SubElement(parent, f"{{{SPACE}}}{name}")
    return parent


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{SPACE}}}{name}").text = text


def _digits(text: str) -> str:
    return re.sub(r"[\s-]", "", text)


def _need(holds: bool, code: str, message: str, at: str) -> None:
    if not holds:
        raise PayoutError(code, message, at)


def _check(
    payouts: Sequence[Payout], debtor: Debtor, message_id: str, created_at: datetime
) -> None:
    _need(_ID.fullmatch(message_id) is not None, "bad_id", "no id of 35 signs", "message_id")
    _need(created_at.tzinfo is not None, "naive", "has no zone", "created_at")
    _need(bool(payouts), "empty", "there is nothing to pay", "payouts")
    _need(_is_name(debtor.name), "bad_name", "is no name", "debtor.name")
    _need(bool(_digits(debtor.organisation_number)), "missing", "is missing",
          "debtor.organisation_number")  # fmt: skip
    _check_iban(debtor.iban, debtor.bic, "debtor")
    seen: set[str] = set()
    for number, payout in enumerate(payouts):
        at = f"payouts[{number}]"
        _need(_ID.fullmatch(payout.id) is not None, "bad_id", "no id of 35 signs", f"{at}.id")
        _need(payout.id not in seen, "id_twice", f"{payout.id} occurs twice", f"{at}.id")
        seen.add(payout.id)
        _check_payout(payout, at)


def _check_payout(payout: Payout, at: str) -> None:
    _need(_is_name(payout.name), "bad_name", "is no name", f"{at}.name")
    _need(is_currency(payout.currency), "currency", "is no currency", f"{at}.currency")
    unit = smallest_unit(payout.currency)
    _need(payout.amount.is_finite() and payout.amount > 0, "amount", "is not above zero",
          f"{at}.amount")  # fmt: skip
    _need(payout.amount == payout.amount.quantize(unit), "too_fine", f"is finer than {unit}",
          f"{at}.amount")  # fmt: skip
    fits = len(payout.reference) <= 140 and not _CONTROL.search(payout.reference)
    _need(fits, "bad_reference", "has more than 140 signs, or control signs", f"{at}.reference")
    _need(bool(payout.iban) != bool(payout.bankgiro), "no_account", "needs an IBAN or a bankgiro",
          at)  # fmt: skip
    if payout.iban:
        _check_iban(payout.iban, payout.bic, at)
        return
    number = _digits(payout.bankgiro)
    good = re.fullmatch(r"[0-9]{7,8}", number) is not None and luhn.is_valid(number)
    _need(good, "bankgiro", "is no bankgiro number", f"{at}.bankgiro")
    _need(payout.currency in {"SEK", "EUR"}, "currency", "a bankgiro takes SEK and EUR",
          f"{at}.currency")  # fmt: skip


def _is_name(text: str) -> bool:
    return bool(text.strip()) and _CONTROL.search(text) is None


def _check_iban(iban: str, bic: str, at: str) -> None:
    try:
        ibans.validate(iban)
    except ValidationError as error:
        raise PayoutError("iban", "is no IBAN", f"{at}.iban") from error
    _need(not bic or bics.is_valid(bic), "bic", "is no BIC", f"{at}.bic")
