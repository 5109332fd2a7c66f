"""The logo of a seller."""

from __future__ import annotations

from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from billing.sellers.models import Seller
from core.audit.services import record
from core.errors import InvalidInput
from core.files import pictures, store
from core.files.sniff import sniff

LARGEST_LOGO: Final = 5_000_000


@transaction.atomic
def set_logo(*, seller: Seller, upload: UploadedFile[Any]) -> Seller:
    """Keep a logo, written anew as PNG. Refuses SVG and what is no picture."""
    data = store.read_upload(upload, most_bytes=LARGEST_LOGO)
    if getattr(sniff(data), "code", "") == "svg":
        raise InvalidInput(
            "logo_svg", _("SVG may carry scripts. Use a PNG of the logo."), field="file"
        )
    picture = pictures.logo(data)
    with store.kept(seller.operator_id, (picture.data, picture.ending)) as paths:
        return _put(seller, paths[0])


@transaction.atomic
def remove_logo(*, seller: Seller) -> Seller:
    """Remove the logo; nothing happens when there is none."""
    return _put(seller, "") if seller.logo_path else seller


def _put(seller: Seller, path: str) -> Seller:
    """The old file stays: invoices that were issued with it are made with it."""
    locked: Seller = Seller.objects.select_for_update().get(pk=seller.pk)
    old, locked.logo_path = locked.logo_path, path
    locked.save(update_fields=["logo_path", "updated_at"])
    record(
        "seller.set_logo",
        locked,
        operator_id=locked.operator_id,
        before={"logo": bool(old)},
        after={"logo": bool(path)},
    )
    return locked
