"""Work orders of the demo: those that ended faults of the past, and those that are open today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from portal.demo.upkeep.contracts import Crew
from portal.demo.upkeep.past import PastFault
from stations.hardware.models import Evse
from stations.incidents.models import Incident
from stations.incidents.opening import report
from stations.maintenance import parts, photos, services, times
from stations.maintenance.field_models import TimeKind
from stations.maintenance.from_incident import words_of
from stations.maintenance.models import OrderSource, WorkOrder
from stations.maintenance.status_pages import change_page

_DONE: Final[dict[str, tuple[str, str, str]]] = {
    "GroundFailure": ("Jordfelsbrytare bytt och provad.", "Jordfelsbrytare typ B", "RCD-B-63"),
    "ConnectorLockFailure": ("Låsmotor rengjord och smord, spärr bytt.", "Låsspärr", "LCK-2"),
    "HighTemperature": ("Handske med brända stift bytt.", "CCS2-handske med kabel", "CCS-250A"),
    "PowerMeterFailure": ("Mätarens buss omkopplad, mätare bytt.", "Elmätare MID", "EM3-80"),
    "OverCurrentFailure": ("Kontaktor bytt.", "Kontaktor 80 A", "K-80"),
    "InternalError": ("Effektmodul bytt.", "Effektmodul 30 kW", "PM-30"),
    "ReaderFailure": ("Kortläsare bytt.", "Kortläsare", "RFID-7"),
}
_OTHER: Final = ("Station genomgången, inga fel kvar.", "", "")


@dataclass(frozen=True, slots=True)
class Open:
    """An order of today: what, how urgent, how many hours ago, its states until now."""

    title: str
    priority: str
    hours: int
    states: tuple[str, ...] = ()
    notice: str = ""
    is_partner: bool = False


OPEN: Final = (
    Open("Handsken på uttaget är spräckt", "P2", 5, ("triaged", "scheduled", "en_route", "on_site"),
         "Uttaget är trasigt. En tekniker är på väg."),
    Open("Skärmen är svart", "P3", 52,
         ("triaged", "scheduled", "en_route", "on_site", "waiting_part"), "", True),
    Open("Lås öppnar inte i kyla", "P3", 20, ("triaged", "scheduled"), "", True),
    Open("Klotter på två stationer", "P4", 30),
)  # fmt: skip


def repaired(fault: PastFault, incident: Incident, crew: Crew, at: int) -> WorkOrder:
    """The order of an incident, from the first minute to closed; each third by the partner."""
    span = fault.span
    text, part, article = _DONE.get(span.code, _OTHER)
    order = services.open_order(
        operator=incident.operator, site=incident.site, station=incident.station,
        evse=incident.evse, title=words_of(incident)[0],
        priority=incident.severity.upper(), fault_codes=incident.error_code, incident=incident,
        source=OrderSource.INCIDENT, source_ref=incident.public_id,
        opened_at=span.began_at + timedelta(minutes=30), description=span.info,
        assignee=None if at % 3 == 0 else crew.own, cost_currency="SEK",
        partner=crew.partner if at % 3 == 0 else None, cost_amount=f"{1250 + 310 * (at % 5)}.00",
    )  # fmt: skip
    on_site = span.began_at + max(fault.length * 0.7, timedelta(minutes=35))
    services.set_state(order=order, state="en_route", at=on_site - timedelta(minutes=3))
    order = services.set_state(order=order, state="on_site", at=on_site)
    day = span.ended_at.date()
    times.add_time(order=order, worked_on=day, minutes=35 + 10 * (at % 4))
    times.add_time(order=order, worked_on=day, minutes=40, kind=TimeKind.TRAVEL)
    if part:
        serial = f"{article}-{4100 + at}"
        parts.add_part(
            order=order, name=part, article=article, serial_out=f"{article}-{1200 + at}",
            serial_in=serial, is_warranty=at % 4 == 0,
        )  # fmt: skip
    if at % 6 == 0:
        photos.add_photo(order=order, file=_photo(span.code), caption=text[:200])
    services.set_state(order=order, state="repaired", text=text, at=span.ended_at)
    services.set_state(order=order, state="verified", at=span.ended_at + timedelta(minutes=4))
    return services.set_state(order=order, state="closed", at=span.ended_at + timedelta(hours=1))


def open_today(evses: Sequence[Evse], crew: Crew, now: datetime) -> int:
    """Orders in each state of their life, at sites of their own; the first site's status page is
    there for anybody, with the fault on it."""
    for told, evse in zip(OPEN, evses, strict=False):
        begun = now - timedelta(hours=told.hours)
        site = evse.station.site
        incident = None
        if told.notice:
            change_page(site=site, is_public=True, notice="Plats 3 är avstängd för snöröjning.",
                        notice_until_at=now + timedelta(days=4))  # fmt: skip
            incident = report(
                site=site, evse=evse, summary=told.title, severity=told.priority.lower(),
                symptom_at=begun,
            )  # fmt: skip
        order = services.open_order(
            operator=site.operator, site=site, evse=evse, title=told.title,
            priority=told.priority, incident=incident, public_note=told.notice, opened_at=begun,
            expected_at=now + timedelta(hours=20) if told.notice else None,
            source=OrderSource.REPORT if told.notice else OrderSource.HAND,
            **_who(told, crew, now),
        )  # fmt: skip
        for at, state in enumerate(told.states, 1):
            moment = begun + at * timedelta(hours=told.hours) / (len(told.states) + 1)
            order = services.set_state(order=order, state=state, at=moment)
        if told.notice:
            photos.add_photo(order=order, file=_photo(told.title), caption="Sprickan i handsken")
    return len(OPEN)


def _who(told: Open, crew: Crew, now: datetime) -> dict[str, Any]:
    """A new order belongs to nobody; one that is planned has a day."""
    if not told.states:
        return {}
    day = {"scheduled_at": now + timedelta(hours=3)} if told.states[-1] == "scheduled" else {}
    return {"partner": crew.partner, **day} if told.is_partner else {"assignee": crew.own, **day}


def _photo(title: str) -> SimpleUploadedFile:
    """A drawing in place of a photo."""
    picture = Image.new("RGB", (640, 480), "#d9dee2")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((200, 60, 440, 440), fill="#40505c")
    pen.ellipse((270, 200, 370, 300), outline="#e0b020", width=8)
    pen.line((300, 220, 350, 290), fill="#c03030", width=6)
    pen.text((210, 70), title[:30], fill="white")
    content = BytesIO()
    picture.save(content, "JPEG", quality=80)
    return SimpleUploadedFile("bild.jpg", content.getvalue(), "image/jpeg")
