"""Writing UBL 2.1 with lxml: elements with content only, in the order they are written."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, cast

from lxml import etree

CAC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"


def new_root(kind: str) -> etree._Element:
    """The root of an ``Invoice`` or ``CreditNote``."""
    space = f"urn:oasis:names:specification:ubl:schema:xsd:{kind}-2"
    names: dict[str | None, str] = {None: space, "cac": CAC, "cbc": CBC}
    return etree.Element(f"{{{space}}}{kind}", nsmap=cast("dict[str, str]", names))


def value(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    """A basic component; nothing where the text is blank (PEPPOL-EN16931-R008)."""
    if text.strip():
        etree.SubElement(parent, f"{{{CBC}}}{name}", attributes).text = text


def amount(parent: etree._Element, name: str, number: Decimal, currency: str) -> None:
    """A sum with its currency."""
    value(parent, name, format(number, "f"), currencyID=currency)


def part(parent: etree._Element, *names: str) -> etree._Element:
    """Aggregate components, one in the other; the innermost."""
    for name in names:
        parent = etree.SubElement(parent, f"{{{CAC}}}{name}")
    return parent


def without_empty(root: etree._Element) -> None:
    """Take out aggregates that got no content."""
    for element in list(root.iter(f"{{{CAC}}}*"))[::-1]:
        above = element.getparent()
        if len(element) == 0 and above is not None:
            above.remove(element)
