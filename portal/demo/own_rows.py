"""What the demo's operators wrote and were told: setup, texts, notes, a photo, notifications."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageDraw

from billing.sellers.services import change_seller
from billing.sellers.starting import make_default_seller
from core.accounts.models import Membership, Operator
from core.accounts.permissions import Role
from core.attachments.models import Attachment, AttachmentKind
from core.files.pictures import photo
from core.files.store import keep
from core.ids import public_id
from core.notes.models import Note
from core.notifications.models import Notification
from core.operators.models import LegalText, OperatorSetup
from core.tenancy.scopes import operator_scope
from customers.opendata.models import OpenDataFeed
from stations.hardware.models import Station
from stations.incidents.remedy_models import Playbook, RemedySetting
from stations.sites.models import Site

_LEGAL: Final = {
    "nordljus": ("Nordljus Laddning AB", "556012-5790", "Storgatan 1", "111 22", "Stockholm"),
    "vastkraft": ("Västkraft Mobilitet AB", "556703-7485", "Hamngatan 4", "411 14", "Göteborg"),
}
_SELLERS: Final[dict[str, dict[str, Any]]] = {
    "nordljus": {
        "registered_office": "Stockholm", "email": "faktura@nordljus.example",
        "phone": "08-12 34 56", "website": "nordljus.example", "swish": "1231181189",
        "colour": "#0b5c7a", "fee_by_terms": True, "iban": "SE3550000000054910000003",
    },
    "vastkraft": {
        "registered_office": "Göteborg", "email": "faktura@vastkraft.example",
        "phone": "031-12 34 56", "website": "vastkraft.example", "colour": "#7a2e0b",
    },
}  # fmt: skip
_TEXTS: Final = {
    "terms": "Dessa villkor gäller för den som laddar hos oss.\n\nPriset visas innan laddningen.",
    "privacy": "Vi sparar när och var du har laddat så länge som bokföringslagen kräver.",
}
_SITE_NOTES: Final = (
    "Grinden är låst efter kl. 22. Koden finns hos jouren.",
    "Snöröjaren lägger vallen framför plats 3. Ring fastighetsägaren när det händer.",
)
_STATION_NOTE: Final = "Kortläsaren är bytt. Den gamla ligger i servicebilen."


def write_own(slugs: list[str], now: datetime) -> int:
    """Write it for each operator; returns how many rows."""
    count = 0
    for operator in Operator.objects.filter(slug__in=slugs):
        _write_setup(operator, now)
        count += 3 + _write_notes(operator, now) + _write_notifications(operator, now)
        _write_photo(operator, now)
    return count


def _allow_healing(operator: Operator) -> None:
    """Remedies on, with steps that a visitor can wait for."""
    with operator_scope(operator):
        RemedySetting.objects.create(operator=operator, mode="on", cool_down_s=120)
        Playbook.objects.create(
            operator=operator,
            fault_class="transient",
            steps=[
                {"action": "trigger_status", "wait_s": 10},
                {"action": "soft_reset", "wait_s": 120},
                {"action": "hard_reset", "wait_s": 180},
            ],
        )


def _write_setup(operator: Operator, now: datetime) -> None:
    name, number, address, postal_code, city = _LEGAL[operator.slug]
    _allow_healing(operator)
    OperatorSetup.objects.create(
        operator=operator,
        legal_name=name,
        organisation_number=number,
        vat_number=f"SE{number.replace('-', '')}01",
        address=address,
        postal_code=postal_code,
        city=city,
        bankgiro="5050-1055",
        sender_email=f"hej@{operator.slug}.example",
        languages=["en", "sv"],
        updated_at=now,
    )
    OpenDataFeed.objects.create(operator=operator, is_open=True)
    with operator_scope(operator):
        seller = make_default_seller(operator)
        change_seller(seller=seller, reason="demo", **_SELLERS[operator.slug])
    LegalText.objects.bulk_create(
        LegalText(
            operator=operator,
            kind=kind,
            language="sv",
            version=1,
            text=text,
            published_at=now - timedelta(days=80),
            published_label="Demo",
        )
        for kind, text in _TEXTS.items()
    )


def _write_notes(operator: Operator, now: datetime) -> int:
    site = Site.objects.filter(operator=operator).order_by("pk").first()
    station = Station.objects.filter(operator=operator).order_by("pk").first()
    member = Membership.objects.filter(operator=operator).select_related("user").first()
    if site is None or station is None or member is None:
        return 0
    about: list[tuple[Site | Station, str]] = [(site, text) for text in _SITE_NOTES]
    about.append((station, _STATION_NOTE))
    notes = [
        Note(
            operator=operator,
            object_type=instance._meta.label_lower,
            object_id=str(instance.pk),
            text=text,
            author=member.user,
            author_label=str(member.user),
            is_pinned=at == 0,
            created_at=now - timedelta(days=3 * at + 1),
        )
        for at, (instance, text) in enumerate(about)
    ]
    return len(Note.objects.bulk_create(notes))


def _write_notifications(operator: Operator, now: datetime) -> int:
    """Two older ones for every member that may see the network; the newest unread."""
    stations = Station.objects.filter(operator=operator).select_related("site").order_by("pk")[:2]
    rows = [
        Notification(
            operator=operator,
            user_id=member.user_id,
            event="station.offline",
            key=f"demo:{station.pk}",
            params={"station": station.name, "site": station.site.name, "minutes": 15},
            url=f"/stations/{station.public_id}/",
            happened_at=now - timedelta(hours=20 * at + 2),
            created_at=now - timedelta(hours=20 * at + 2),
            read_at=now - timedelta(hours=10) if at else None,
        )
        for member in Membership.objects.filter(operator=operator).exclude(role=Role.HOST)
        for at, station in enumerate(stations)
    ]
    return len(Notification.objects.bulk_create(rows))


def _write_photo(operator: Operator, now: datetime) -> None:
    site = Site.objects.filter(operator=operator).order_by("pk").first()
    if site is None:
        return
    whole, small = photo(_drawing())
    Attachment.objects.create(
        operator=operator,
        public_id=public_id("file"),
        object_type=site._meta.label_lower,
        object_id=str(site.pk),
        kind=AttachmentKind.PHOTO,
        name="infart.jpg",
        caption="Infarten från gatan",
        content_type=whole.content_type,
        size_bytes=len(whole.data),
        digest="demo",
        path=keep(operator.pk, whole.data, whole.ending),
        thumbnail_path=keep(operator.pk, small.data, small.ending),
        width=whole.width,
        height=whole.height,
        added_label="Demo",
        created_at=now - timedelta(days=30),
    )


def _drawing() -> bytes:
    """A site at dusk: sky, ground and three stations."""
    image = Image.new("RGB", (960, 640), "#27405e")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 430, 960, 640), fill="#3b4148")
    for left in (150, 430, 710):
        draw.rounded_rectangle((left, 250, left + 90, 450), 12, fill="#e8edf2")
        draw.rectangle((left + 18, 275, left + 72, 325), fill="#2c9c69")
        draw.arc((left + 60, 340, left + 150, 470), 200, 90, fill="#10161d", width=8)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
