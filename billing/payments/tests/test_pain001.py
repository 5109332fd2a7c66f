"""Payouts: what a bank reads, and what is refused before it would."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from billing.payments.bank.pain001 import SPACE, Debtor, Payout, PayoutError, write_pain001

DEBTOR = Debtor(name="Öresunds Laddnät AB", organisation_number="556703-7485",
                iban="SE45 5000 0000 0583 9825 7466", bic="ESSESESS")  # fmt: skip
ONE = Payout(id="AVR-2026-10-1", name="Brf Björken & Co", amount=Decimal("1234.50"),
             currency="SEK", pay_on=date(2026, 11, 25), bankgiro="5050-1055",
             reference="1000173")  # fmt: skip
TWO = Payout(id="AVR-2026-10-2", name="Østerbro Parkering", amount=Decimal(99), currency="EUR",
             pay_on=date(2026, 11, 25), iban="DK50 0040 0440 1162 43", bic="DABADKKK",
             country_code="DK", reference="Avräkning oktober <2026>")  # fmt: skip


def written(*payouts: Payout) -> bytes:
    return write_pain001(
        payouts,
        debtor=DEBTOR,
        message_id="UTB-2026-11",
        created_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    )


def test_payouts_are_ordered_by_day_and_currency() -> None:
    root = etree.fromstring(written(TWO, ONE, replace(ONE, id="3", amount=Decimal("0.50"))))

    def texts(path: str) -> Any:
        return root.xpath(f"{path}/text()", namespaces={"p": SPACE})

    assert texts("//p:GrpHdr/p:CtrlSum") == ["1334.00"]
    assert texts("//p:GrpHdr/p:NbOfTxs") == ["3"]
    assert texts("//p:PmtInf/p:CtrlSum") == ["99", "1235.00"]
    assert texts("//p:PmtInf/p:PmtInfId") == ["UTB-2026-11-1", "UTB-2026-11-2"]
    assert texts("//p:SvcLvl/p:Cd") == ["SEPA", "NURG"]
    assert texts("//p:InstdAmt") == ["99.00", "1234.50", "0.50"]
    assert texts("//p:CdtrAcct//p:IBAN") == ["DK5000400440116243"]
    assert texts("//p:CdtrAcct//p:Othr/p:Id") == ["50501055", "50501055"]
    assert texts("//p:CdtrRefInf/p:Ref") == ["1000173", "1000173"]
    assert texts("//p:Ustrd") == ["Avräkning oktober <2026>"]
    assert texts("//p:Cdtr/p:Nm")[1] == "Brf Björken & Co"
    assert texts("//p:InitgPty//p:Othr/p:Id") == ["5567037485"]


@pytest.mark.parametrize(
    ("change", "code", "at"),
    [
        ({"amount": Decimal(0)}, "amount", "payouts[0].amount"),
        ({"amount": Decimal("NaN")}, "amount", "payouts[0].amount"),
        ({"amount": Decimal("1.001")}, "too_fine", "payouts[0].amount"),
        ({"bankgiro": "5050-1056"}, "bankgiro", "payouts[0].bankgiro"),
        ({"bankgiro": ""}, "no_account", "payouts[0]"),
        ({"iban": "SE45 5000 0000 0583 9825 7466"}, "no_account", "payouts[0]"),
        ({"iban": "SE46 5000 0000 0583 9825 7466", "bankgiro": ""}, "iban", "payouts[0].iban"),
        ({"name": " "}, "bad_name", "payouts[0].name"),
        ({"id": "å" * 3}, "bad_id", "payouts[0].id"),
        ({"currency": "KRO"}, "currency", "payouts[0].currency"),
        ({"currency": "NOK"}, "currency", "payouts[0].currency"),
        ({"reference": "x" * 141}, "bad_reference", "payouts[0].reference"),
    ],
)
def test_what_a_bank_would_refuse_is_refused(change: dict[str, Any], code: str, at: str) -> None:
    with pytest.raises(PayoutError) as refused:
        written(replace(ONE, **change))

    assert (refused.value.code, refused.value.at) == (code, at)


def test_nothing_is_paid_twice() -> None:
    with pytest.raises(PayoutError) as refused:
        written(ONE, TWO, ONE)

    assert (refused.value.code, refused.value.at) == ("id_twice", "payouts[2].id")
    with pytest.raises(PayoutError, match="nothing to pay"):
        written()
