"""Photos of work on site."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.attachments.models import Attachment
from core.attachments.services import add_file
from core.audit.models import ActorKind
from core.audit.services import current_actor
from core.errors import RuleViolation
from stations.maintenance.models import WorkOrder
from stations.maintenance.panels import files_of


def add_photo(*, order: WorkOrder, file: UploadedFile[Any], caption: str = "") -> None:
    """Keep a photo with an open order. The same photo again changes nothing."""
    if not order.is_open:
        raise RuleViolation("order_closed", _("The order is closed."))
    actor = current_actor.get()
    by = None
    if actor.kind == ActorKind.PERSON and actor.id is not None:
        by = User.objects.filter(pk=actor.id).first()
    try:
        add_file(instance=order, operator_id=order.operator_id, upload=file, caption=caption, by=by)
    except RuleViolation as refusal:
        if refusal.code != "file_twice":
            raise


def photo_of(order: WorkOrder, ref: str) -> Attachment | None:
    """A file of an order by its public id."""
    return files_of(order).filter(public_id=ref).first()
