"""Sellers and buyers in UBL."""

from __future__ import annotations

from lxml import etree

from billing.invoices.document_parts import Party
from billing.invoices.peppol.checks import digits
from billing.invoices.peppol.writing import part, value

F_TAX = "GODKÄND FÖR F-SKATT"  # SE-R-005
_REGISTERS = {"SE": "0007", "DK": "0184", "NO": "0192", "FI": "0212"}


def add_party(
    parent: etree._Element, party: Party, *, is_seller: bool, has_vat_number: bool
) -> None:
    """``cac:Party``; without its VAT number where the rules forbid one (BR-O-02)."""
    body = part(parent, "Party")
    scheme, _colon, identifier = party.peppol_address.partition(":")
    value(body, "EndpointID", identifier, schemeID=scheme)
    value(part(body, "PartyIdentification"), "ID", "" if is_seller else party.customer_number)
    value(part(body, "PartyName"), "Name", party.name)
    _address(body, party)
    if has_vat_number:
        _tax_scheme(body, party.vat_number.replace(" ", ""), "VAT")
    if is_seller and party.has_f_tax and party.country_code == "SE":
        _tax_scheme(body, F_TAX, "TAX")
    legal = part(body, "PartyLegalEntity")
    value(legal, "RegistrationName", party.name)
    number = party.organisation_number
    if party.country_code in _REGISTERS:
        value(legal, "CompanyID", digits(number), schemeID=_REGISTERS[party.country_code])
    else:
        value(legal, "CompanyID", number)
    if is_seller and party.registered_office:
        value(legal, "CompanyLegalForm", f"Säte {party.registered_office}")
    contact = part(body, "Contact")
    value(contact, "Name", party.contact_name)
    value(contact, "Telephone", party.phone)
    value(contact, "ElectronicMail", party.email)


def _tax_scheme(body: etree._Element, number: str, scheme: str) -> None:
    if number:
        tax = part(body, "PartyTaxScheme")
        value(tax, "CompanyID", number)
        value(part(tax, "TaxScheme"), "ID", scheme)


def _address(body: etree._Element, party: Party) -> None:
    address = part(body, "PostalAddress")
    rows = [row for row in party.address if row.strip()]
    for name, row in zip(("StreetName", "AdditionalStreetName"), rows, strict=False):
        value(address, name, row)
    value(address, "CityName", party.city)
    value(address, "PostalZone", party.postal_code)
    value(part(address, "AddressLine"), "Line", ", ".join(rows[2:]))
    value(part(address, "Country"), "IdentificationCode", party.country_code)
