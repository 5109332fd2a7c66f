"""Adding and deleting photos and documents. The audit entry stands with their object."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.attachments.models import Attachment, AttachmentKind
from core.attachments.selectors import files_about
from core.attachments.words import refusal_in_words
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.files import pictures, store
from core.files.sniff import FileType, Refused, sniff
from core.ids import public_id
from core.objects.find import object_behind
from core.objects.kinds import kind_of

LARGEST_BYTES: Final = 20_000_000
MOST_FILES: Final = 200
_CAPTION_LENGTH: Final = 200


def add_file(
    *,
    instance: models.Model,
    operator_id: int,
    upload: UploadedFile[Any],
    caption: str = "",
    is_shared: bool = False,
    by: User | None = None,
) -> Attachment:
    """Keep a photo or document about ``instance``.

    Refuses kinds without files, files that are too large or of another type than their content
    may be, the same file twice, and more than 200 files about one object.
    """
    kind = kind_of(instance)
    if kind is None or not kind.has_files:
        raise InvalidInput("no_files", _("Nothing can be attached to this."), field="object")
    if is_shared and not kind.shares_files:
        raise InvalidInput("not_shared", _("This is no customer."), field="is_shared")
    data = store.read_upload(upload, most_bytes=LARGEST_BYTES)
    found = sniff(data)
    if isinstance(found, Refused):
        raise InvalidInput(f"file_{found.code}", refusal_in_words(found.code), field="file")
    values, parts = _content(data, found)
    values |= {
        "operator_id": operator_id,
        "object_type": kind.type_name,
        "object_id": str(instance.pk),
        "name": store.clean_name(upload.name or "", parts[0][1]),
        "caption": caption.replace("\x00", "").strip()[:_CAPTION_LENGTH],
        "is_shared": is_shared,
        "digest": hashlib.sha256(data).hexdigest(),
        "added_by": by,
        "added_label": current_actor.get().label[:200],
    }
    with store.kept(operator_id, *parts) as paths, transaction.atomic():
        return _stored(instance, values, paths)


def _content(data: bytes, found: FileType) -> tuple[dict[str, Any], list[tuple[bytes, str]]]:
    """Values of the row, and what goes into the storage with the endings of the names."""
    if not found.is_picture:
        values: dict[str, Any] = {
            "kind": AttachmentKind.DOCUMENT,
            "content_type": found.content_type,
            "size_bytes": len(data),
        }
        return values, [(data, found.ending)]
    photo, thumbnail = pictures.photo(data)
    values = {
        "kind": AttachmentKind.PHOTO,
        "content_type": photo.content_type,
        "size_bytes": len(photo.data),
        "width": photo.width,
        "height": photo.height,
    }
    return values, [(photo.data, photo.ending), (thumbnail.data, thumbnail.ending)]


def _stored(instance: models.Model, values: dict[str, Any], paths: list[str]) -> Attachment:
    about = {name: values[name] for name in ("operator_id", "object_type", "object_id")}
    if Attachment.objects.filter(**about).count() >= MOST_FILES:
        raise RuleViolation(
            "too_many_files",
            _("There are %(count)d files here already. Delete some first.") % {"count": MOST_FILES},
        )
    try:
        with transaction.atomic():
            attachment: Attachment = Attachment.objects.create(
                public_id=public_id("file"),
                path=paths[0],
                thumbnail_path=paths[1] if len(paths) > 1 else "",
                **values,
            )
    except IntegrityError as error:
        raise RuleViolation("file_twice", _("This file is there already."), field="file") from error
    record("file.add", instance, operator_id=attachment.operator_id, after=_described(attachment))
    return attachment


@transaction.atomic
def share_file(*, attachment: Attachment, is_shared: bool) -> Attachment:
    """Show a file to the customer that it is about, or no longer; the same twice does nothing."""
    behind = object_behind(attachment.object_type, attachment.object_id)
    if behind is None or not behind[0].shares_files:
        raise RuleViolation("not_shared", _("This is no customer."), field="is_shared")
    changed = Attachment.objects.filter(pk=attachment.pk, is_shared=not is_shared).update(
        is_shared=is_shared
    )
    attachment.is_shared = is_shared
    if changed:
        verb = "file.share" if is_shared else "file.unshare"
        record(verb, behind[1], operator_id=attachment.operator_id, after=_described(attachment))
    return attachment


@transaction.atomic
def delete_file(*, attachment: Attachment, reason: str) -> None:
    """Delete a file for good, with a reason; what it was stays in the audit trail."""
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="reason")
    behind = object_behind(attachment.object_type, attachment.object_id)
    record(
        "file.delete",
        behind[1] if behind else attachment,
        operator_id=attachment.operator_id,
        before=_described(attachment),
        reason=reason,
    )
    store.forget_on_commit(attachment.path, attachment.thumbnail_path)
    Attachment.objects.filter(pk=attachment.pk).delete()


@transaction.atomic
def forget_files(*, instance: models.Model, operator_id: int, reason: str) -> int:
    """Delete every file about an object for good; the audit trail keeps how many there were, and
    nothing of what they were called."""
    rows = list(files_about(instance))
    for one in rows:
        store.forget_on_commit(one.path, one.thumbnail_path)
    Attachment.objects.filter(pk__in=[one.pk for one in rows]).delete()
    if rows:
        after = {"files": len(rows)}
        record("file.forget", instance, operator_id=operator_id, after=after, reason=reason)
    return len(rows)


def _described(attachment: Attachment) -> dict[str, Any]:
    names = (
        "public_id",
        "kind",
        "name",
        "caption",
        "content_type",
        "size_bytes",
        "digest",
        "is_shared",
    )
    return {name: str(getattr(attachment, name)) for name in names}
