"""A claim as a file for the supplier: facts first, then work orders and parts, one line each."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from stations.maintenance.claims import parts_of
from stations.maintenance.warranty_models import WarrantyClaim

HEADER = ("claim", "line", "what", "value", "article", "quantity", "serial_out", "serial_in")


def claim_rows(claim: WarrantyClaim) -> tuple[tuple[str, ...], Iterator[list[object]]]:
    """Header and lines of the file."""
    return HEADER, _rows(claim)


def facts_of(claim: WarrantyClaim) -> list[tuple[str, object]]:
    """What is said of the claim itself, in words."""
    money = claim.claimed_amount
    return [
        (_("Claim"), str(claim)),
        (_("Supplier"), claim.supplier.name),
        (_("Operator"), claim.operator.name),
        (_("The supplier's case number"), claim.reference),
        (_("Site"), claim.station.site.name),
        (_("Station"), claim.station.name),
        (_("Vendor"), claim.vendor),
        (_("Model"), claim.model),
        (_("Serial number"), claim.serial_number),
        (_("Firmware"), claim.firmware_version),
        (_("Failed on"), claim.failed_on.isoformat()),
        (_("Warranty until"), claim.warranty_ends_on.isoformat()),
        (_("Fault codes"), claim.fault_codes),
        (_("Incident"), claim.incident.public_id if claim.incident else ""),
        (_("Description"), claim.description),
        (_("Claimed"), f"{money} {claim.currency}" if money is not None else ""),
    ]


def _rows(claim: WarrantyClaim) -> Iterator[list[object]]:
    name = str(claim)
    for word, value in facts_of(claim):
        yield [name, "fact", word, value, "", "", "", ""]
    for link in claim.order_links.all():
        order = link.order
        yield [name, "work_order", order.number, order.resolution or order.title, "", "", "", ""]
    for part in parts_of(claim):
        yield [
            name, "part", part.order.number, part.name, part.article, part.quantity,
            part.serial_out, part.serial_in,
        ]  # fmt: skip
