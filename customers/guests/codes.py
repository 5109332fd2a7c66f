"""The codes on connectors: making them, making one anew, drawing them."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import qrcode
from django.db import transaction
from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone
from PIL import Image

from billing.invoices.pdf.code import picture
from core.audit.services import record
from customers.guests.links import code_url
from customers.guests.models import GuestCode, new_code
from stations.hardware.models import Connector
from stations.sites.choices import PublicAccess

_BATCH: Final = 1000
_QUIET: Final = 4
_DOT: Final = 12


def connectors_in_use() -> QuerySet[Connector]:
    """Connectors that stand somewhere and are not retired."""
    rows: QuerySet[Connector] = Connector.objects.filter(
        retired_on=None, evse__retired_on=None, evse__station__retired_on=None
    )
    return rows


def make_codes() -> int:
    """Give connectors without a code one; returns how many."""
    rows = list(
        connectors_in_use().filter(guest_code=None).order_by("pk").values_list("pk", "operator_id")[
            :_BATCH
        ]
    )  # fmt: skip
    made = [GuestCode(operator_id=operator, connector_id=pk) for pk, operator in rows]
    GuestCode.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def codes() -> QuerySet[GuestCode]:
    """The codes in scope, by place; those where no guest may charge last."""
    rows: QuerySet[GuestCode] = GuestCode.objects.select_related(
        "operator", "connector__evse__station__site"
    ).filter(connector__in=connectors_in_use())
    is_private = Q(connector__evse__station__site__public_access=PublicAccess.PRIVATE)
    return rows.order_by(
        Case(When(is_private, then=1), default=0), "connector__evse__station__site__name",
        "connector__evse__station__name", "connector__evse__number", "connector__number", "pk",
    )  # fmt: skip


@transaction.atomic
def renew_code(*, code: GuestCode, reason: str) -> GuestCode:
    """A new code: the sticker with the old one leads nowhere from now on."""
    row: GuestCode = GuestCode.objects.select_for_update(of=("self",)).get(pk=code.pk)
    old, row.code, row.created_at = row.code, new_code(), timezone.now()
    row.save(update_fields=["code", "created_at"])
    record(
        "guest_code.renew", row, operator_id=row.operator_id, before={"code": old},
        after={"code": row.code}, reason=reason,
    )  # fmt: skip
    return row


def as_svg(code: GuestCode) -> str:
    """The code as an SVG."""
    return picture(code_url(code))


def as_png(code: GuestCode) -> bytes:
    """The code as a PNG in black and white, large enough to print."""
    drawn = qrcode.QRCode(border=_QUIET, mask_pattern=3)
    drawn.add_data(code_url(code).encode())
    drawn.make(fit=True)
    rows = drawn.get_matrix()
    image = Image.new("1", (len(rows), len(rows)), 1)
    image.putdata([0 if dark else 1 for row in rows for dark in row])
    file = BytesIO()
    side = len(rows) * _DOT
    image.resize((side, side), Image.Resampling.NEAREST).save(file, "PNG", optimize=True)
    return file.getvalue()
