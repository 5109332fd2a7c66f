"""Writing firmware files: adding, wanting, withdrawing; handing them to stations."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import IO, Any, Final, cast
from urllib.parse import urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.files import store
from core.ids import public_id
from stations.firmware.models import Campaign, CampaignState, FirmwareImage
from stations.firmware.transfers import address
from stations.hardware.catalogue.models import HardwareModel

LARGEST_BYTES: Final = 30_000_000
SCHEMES: Final = frozenset({"https", "http", "ftps", "sftp", "ftp"})
"""What stations fetch from a vendor's server; from here they get HTTP(S)."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_CERTIFICATE: Final = re.compile(
    r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImage:
    """What is told of a version that is added; either ``url`` or a file comes with it."""

    version: str
    url: str = ""
    sha256: str = ""
    signature: str = ""
    signing_certificate: str = ""
    released_on: date | None = None
    note: str = ""


def add_image(
    *,
    operator: Operator,
    hardware_model: HardwareModel,
    told: NewImage,
    upload: UploadedFile[Any] | None = None,
) -> FirmwareImage:
    """Keep a version of a model's firmware.

    Refuses an empty version or one that is there, anything but one of address and file, a file
    whose SHA-256 is another than stated, and half a signature.
    """
    values: dict[str, Any] = {
        "version": _version(told.version),
        "sha256": _digest(told.sha256),
        "released_on": told.released_on,
        "note": told.note.strip(),
        **_signature(told.signature, told.signing_certificate),
    }
    if bool(told.url.strip()) == (upload is not None):
        raise InvalidInput(
            "one_place", _("State the vendor's address or upload the file: one of both."),
            field="url",
        )  # fmt: skip
    if upload is None:
        return _stored(operator, hardware_model, values | {"url": _address(told.url)})
    content = cast(IO[bytes], upload)
    with store.kept_stream(operator.pk, content, ".bin", most_bytes=LARGEST_BYTES) as kept:
        if not kept.size_bytes:
            raise InvalidInput("file_empty", _("The file is empty."), field="file")
        if values["sha256"] and values["sha256"] != kept.sha256:
            raise InvalidInput(
                "digest",
                _("The file has another SHA-256 than stated: %(found)s.") % {"found": kept.sha256},
                field="sha256",
            )
        name = store.clean_name(upload.name or "", store.ending_of(upload.name or "", ".bin"))
        return _stored(operator, hardware_model, values | asdict(kept) | {"file_name": name})


def _version(text: str) -> str:
    version = text.strip()
    if not version or len(version) > 64 or not version.isprintable():
        raise InvalidInput(
            "version", _("State the version as the station reports it."), field="version"
        )
    return version


def _digest(text: str) -> str:
    digest = "".join(text.split()).lower().removeprefix("sha256:")
    if digest and not _DIGEST.fullmatch(digest):
        raise InvalidInput("digest", _("A SHA-256 has 64 hexadecimal digits."), field="sha256")
    return digest


def _address(text: str) -> str:
    url = text.strip()
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in SCHEMES and bool(parts.hostname)
    except ValueError:
        is_right = False
    if not is_right or len(url) > 400 or any(c.isspace() or not c.isprintable() for c in url):
        raise InvalidInput(
            "address", _("Write a whole address that begins with https:// or ftps://."), field="url"
        )
    return url


def _signature(signature: str, certificate: str) -> dict[str, str]:
    signed, pem = "".join(signature.split()), certificate.strip()
    if bool(signed) != bool(pem):
        raise InvalidInput(
            "half_signature", _("A signature and its certificate belong together."),
            field="signature",
        )  # fmt: skip
    try:
        base64.b64decode(signed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(
            "signature", _("The signature is no base64."), field="signature"
        ) from error
    if len(signed) > 800:
        raise InvalidInput(
            "signature", _("The signature is longer than OCPP takes."), field="signature"
        )
    if pem and (len(pem) > 5500 or not _CERTIFICATE.fullmatch(pem)):
        raise InvalidInput(
            "certificate", _("This is no certificate in PEM."), field="signing_certificate"
        )
    return {"signature": signed, "signing_certificate": pem}


@transaction.atomic
def _stored(
    operator: Operator, hardware_model: HardwareModel, values: dict[str, Any]
) -> FirmwareImage:
    image = FirmwareImage(
        operator=operator,
        public_id=public_id("fw"),
        hardware_model=hardware_model,
        added_label=current_actor.get().label[:200],
        **values,
    )
    image.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            image.save()
    except IntegrityError as error:
        raise RuleViolation(
            "version_there", _("This version of the model is there already."), field="version"
        ) from error
    record("firmware.add", image, operator_id=operator.pk, after=_described(image))
    return image


def _described(image: FirmwareImage) -> dict[str, Any]:
    names = ("version", "url", "file_name", "size_bytes", "sha256", "is_wanted")
    return {"model": str(image.hardware_model)} | {
        name: str(getattr(image, name) or "") for name in names
    }


@transaction.atomic
def want_image(*, image: FirmwareImage, reason: str = "") -> FirmwareImage:
    """Make this the version that the model's stations should have; refuses a withdrawn one."""
    rows = FirmwareImage.objects.filter(hardware_model_id=image.hardware_model_id)
    known = list(rows.select_for_update().order_by("pk"))
    others = [one for one in known if one.is_wanted and one.pk != image.pk]
    if any(one.withdrawn_at is not None for one in known if one.pk == image.pk):
        raise RuleViolation("withdrawn", _("This firmware has been withdrawn."))
    rows.exclude(pk=image.pk).update(is_wanted=False)
    rows.filter(pk=image.pk).update(is_wanted=True)
    record(
        "firmware.want", image, operator_id=image.operator_id, reason=reason,
        before={"wanted": [one.version for one in others]}, after={"wanted": [image.version]},
    )  # fmt: skip
    image.refresh_from_db()
    return image


@transaction.atomic
def withdraw_image(*, image: FirmwareImage, reason: str) -> FirmwareImage:
    """No longer offer a version; refuses while a campaign goes on with it, and without reason."""
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="reason")
    rows = FirmwareImage.objects.select_for_update().filter(pk=image.pk, withdrawn_at=None)
    if not rows.exists():
        raise RuleViolation("withdrawn", _("This firmware has been withdrawn."))
    over = (CampaignState.DONE, CampaignState.CANCELLED)
    if Campaign.objects.filter(image=image).exclude(state__in=over).exists():
        raise RuleViolation("in_campaign", _("A campaign goes on with it: cancel that first."))
    FirmwareImage.objects.filter(pk=image.pk).update(is_wanted=False, withdrawn_at=timezone.now())
    record(
        "firmware.withdraw", image, operator_id=image.operator_id, reason=reason,
        before=_described(image),
    )  # fmt: skip
    image.refresh_from_db()
    return image


def location(image: FirmwareImage, token: str) -> str:
    """Where a station fetches it: the vendor's address, or ours with the token."""
    return image.url or address("firmware_file", token, image.file_name)
