"""One field that understands what a caller says: sign, EVSE id, phone, plate, card, session."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, Value
from django.db.models.functions import Replace, Upper
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.search.match import among, matching
from customers.drivers.models import Driver, Vehicle
from customers.drivers.phone import normalise_phone
from customers.drivers.plate import normalise_plate
from customers.drivers.selectors import drivers
from customers.support.models import SupportCase
from customers.support.services import Subjects
from customers.tokens.models import IdToken
from customers.tokens.selectors import by_printed_number, tokens
from customers.tokens.uid import normalise
from stations.hardware.models import Evse, Station
from stations.ocpp.models import AuthorisationAttempt
from stations.sessions.models import Session

MOST: Final = 8
_SIGNS: Final = re.compile(r"[\s*\-]")
_CARD: Final = _("card")


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that the text may mean. ``kind`` and ``ref`` name it in addresses."""

    kind: str
    ref: str
    taken_for: str | Promise
    label: str
    note: str
    subjects: Subjects
    case: SupportCase | None = None


Allows = Callable[[str], bool]


def understand(text: str, operator: Operator, allows: Allows) -> list[Found]:
    """Everything that ``text`` names, the surest first; only what the caller may see."""
    wanted = text.replace("\x00", "").strip()[:100]
    if not wanted:
        return []
    found: dict[tuple[str, str], Found] = {}
    for read, permission in _READERS:
        if allows(permission):
            for one in read(wanted, operator):
                found.setdefault((one.kind, one.ref), one)
    return list(found.values())


def _cases(text: str, _operator: Operator) -> Iterator[Found]:
    for case in SupportCase.objects.filter(public_id=text.lower()):
        yield Found("case", case.public_id, _("case number"), str(case), "", Subjects(), case)


def _sessions(text: str, _operator: Operator) -> Iterator[Found]:
    rows = Session.objects.select_related("station__site", "evse__station").filter(
        Q(public_id=text.lower()) | Q(ocpp_transaction_id=text)
    )
    for session in rows.order_by("-first_received_at", "-id")[:MOST]:
        yield Found(
            "session",
            session.public_id,
            _("session or receipt number"),
            session.public_id,
            str(session.station),
            Subjects(session=session),
        )


def _evses(text: str, _operator: Operator) -> Iterator[Found]:
    """The whole EVSE id with or without its stars, or its end as the sign shows it."""
    code = _SIGNS.sub("", text).upper()
    if len(code) < 3 or not code[-1].isdigit():
        return
    bare = Upper(Replace("public_id", Value("*"), Value("")))
    rows = (
        Evse.objects.select_related("station__site")
        .annotate(bare_id=bare)
        .filter(among("pk", matching("evse", code)), bare_id__endswith=code, retired_on=None)
    )
    for evse in rows.order_by("public_id", "id")[:MOST]:
        yield _evse(evse, _("EVSE id or code on the sign"))


def _stations(text: str, _operator: Operator) -> Iterator[Found]:
    rows = Station.objects.filter(
        Q(public_id=text) | Q(identity__iexact=text) | Q(name__iexact=text), retired_on=None
    )
    evses = Evse.objects.select_related("station__site").filter(station__in=rows, retired_on=None)
    for evse in evses.order_by("station__name", "number")[:MOST]:
        yield _evse(evse, _("station"))


def _evse(evse: Evse, taken_for: str | Promise) -> Found:
    place = f"{evse.station} · {evse.station.site}"
    return Found("evse", str(evse.pk), taken_for, str(evse), place, Subjects(evse=evse))


def _cards(text: str, _operator: Operator) -> Iterator[Found]:
    """UID in any form, or the number printed on the card."""
    forms = normalise(text)
    wanted = Q(uid__iexact=text) | Q(uid__iexact=forms.uid) | Q(uid_decimal=text)
    if forms.reversed:
        wanted |= Q(uid_reversed=forms.uid)
    wanted |= Q(pk__in=by_printed_number(text).values("pk"))
    known = list(tokens().filter(wanted)[:MOST])
    for token in known:
        yield _token(token)
    if not known:
        yield from _strangers(text)


def _token(token: IdToken, taken_for: str | Promise = _CARD) -> Found:
    owner = token.driver or token.company
    note = " · ".join(filter(None, (token.uid, str(owner or ""), str(token.vehicle or ""))))
    return Found("token", str(token.pk), taken_for, str(token), note, Subjects(token=token))


def _strangers(text: str) -> Iterator[Found]:
    """A card that nobody knows but somebody presented lately."""
    rows = AuthorisationAttempt.objects.annotate(upper_token=Upper("id_token")).filter(
        upper_token__in={text.upper(), normalise(text).uid.upper()}
    )
    attempt = rows.select_related("station").order_by("-at", "-id").first()
    if attempt is None:
        return
    evse = Evse.objects.filter(station=attempt.station, number=attempt.evse_number or 0).first()
    subjects = Subjects(evse=evse, station=attempt.station)
    yield Found(
        "attempt",
        str(attempt.pk),
        _("card that nobody knows, presented lately"),
        attempt.id_token,
        str(attempt.station),
        subjects,
    )


def _phones(text: str, operator: Operator) -> Iterator[Found]:
    number = normalise_phone(text, operator.country_code)
    if number:
        for driver in drivers().filter(phone_normalised=number)[:MOST]:
            yield _driver(driver, _("phone number"))


def _plates(text: str, _operator: Operator) -> Iterator[Found]:
    plate = normalise_plate(text)
    if not plate:
        return
    owners = Vehicle.objects.filter(registration_number=plate).values("driver_id")
    for driver in drivers().filter(pk__in=owners)[:MOST]:
        yield _driver(driver, _("registration number"))


def _cards_in_vehicles(text: str, _operator: Operator) -> Iterator[Found]:
    plate = normalise_plate(text)
    if plate:
        for token in tokens().filter(vehicle__registration_number=plate)[:MOST]:
            yield _token(token, _("card in the vehicle"))


def _people(text: str, _operator: Operator) -> Iterator[Found]:
    exact = Q(public_id=text) | Q(email__iexact=text) | Q(employee_number__iexact=text)
    for driver in drivers().filter(exact)[:MOST]:
        yield _driver(driver, _("person"))
    for driver in drivers().filter(among("pk", matching("driver", text)))[:MOST]:
        yield _driver(driver, _("name or e-mail"))


def _driver(driver: Driver, taken_for: str | Promise) -> Found:
    note = " · ".join(filter(None, (str(driver.company or ""), driver.phone, driver.email)))
    return Found("driver", driver.public_id, taken_for, driver.name, note, Subjects(driver=driver))


_READERS: Final = (
    (_cases, Permission.CASE_VIEW),
    (_sessions, Permission.SESSION_VIEW),
    (_evses, Permission.NETWORK_VIEW),
    (_stations, Permission.NETWORK_VIEW),
    (_cards, Permission.TOKEN_VIEW),
    (_phones, Permission.DRIVER_VIEW),
    (_plates, Permission.DRIVER_VIEW),
    (_cards_in_vehicles, Permission.TOKEN_VIEW),
    (_people, Permission.DRIVER_VIEW),
)
