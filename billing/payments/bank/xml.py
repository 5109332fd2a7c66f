"""Reading ISO 20022 whatever its version, with entities, DTD and network off (pure)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from billing.payments.bank.model import MOST_BYTES, BankFileError


def parse(raw: bytes) -> etree._Element:
    """The root element. A DOCTYPE, and with it every entity, is refused."""
    if len(raw) > MOST_BYTES:
        raise BankFileError("too_large", "the file is too large")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, dtd_validation=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise BankFileError("not_xml", f"is no XML: {error.msg}", f"line {line}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BankFileError("doctype", "a DOCTYPE is not accepted", "line 1")
    return root


def name(element: etree._Element) -> str:
    """The name without its namespace."""
    return etree.QName(element).localname


def at(element: etree._Element) -> str:
    """Where an element stands."""
    return f"line {element.sourceline}, {name(element)}"


def children(element: etree._Element, path: str) -> list[etree._Element]:
    """All elements at a path of names."""
    found = [element]
    for step in path.split("/"):
        found = [child for one in found for child in one if name(child) == step]
    return found


def text(element: etree._Element, *paths: str) -> str:
    """The first text found at one of the paths; empty where there is none."""
    for path in paths:
        for found in children(element, path):
            value = " ".join((found.text or "").split())
            if value:
                return value
    return ""


def amount(element: etree._Element) -> Decimal:
    """A sum that is not negative."""
    value = (element.text or "").strip()
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise BankFileError("bad_amount", f"{value!r} is no amount", at(element)) from error
    if not number.is_finite() or number < 0 or len(value) > 24:
        raise BankFileError("bad_amount", f"{value!r} is no amount", at(element))
    return number


def day(element: etree._Element, path: str) -> date:
    """A day at ``path/Dt`` or ``path/DtTm``."""
    value = text(element, f"{path}/Dt", f"{path}/DtTm")
    try:
        return date.fromisoformat(value[:10])
    except ValueError as error:
        raise BankFileError("bad_day", f"{path}: {value!r} is no day", at(element)) from error
