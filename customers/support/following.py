"""Cases that an incident explains: linking them, and what their callers are told in the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, override
from django.utils.translation import gettext as _

from core.audit.services import current_actor
from core.errors import InvalidInput, RuleViolation
from core.marks import gettext_noop
from customers.support.answers import language_of, refuse_left, refuse_unknown, values_of
from customers.support.follow_models import CaseIncident, FollowState
from customers.support.models import CaseState, EntryKind, SupportCase
from customers.support.placeholders import filled
from customers.support.services import audit_line, log_line
from stations.incidents.models import IS_LIVE, Incident
from stations.incidents.selectors import incidents

DEFAULT: Final = gettext_noop(
    "Hello! The fault that you told us about at {station}, {site}, has been put right, and you "
    "can charge there again. Thank you for telling us."
)
CHANGEABLE: Final = ("text", "address", "language")
MOST: Final = 200


def usual_text(language: str) -> str:
    """What callers are told unless somebody writes something else, with its placeholders."""
    with override(language if language in dict(settings.LANGUAGES) else "en"):
        return gettext(DEFAULT)


def prepared(case: SupportCase, incident: Incident | None, text: str = "") -> dict[str, str]:
    """Language, address and text for the caller of a case; ``text`` may have placeholders.

    A case without a place is where its incident is; until one is chosen (None), the places of site
    and station stay open in the text.
    """
    language = language_of(case)
    values = values_of(case)
    if incident is not None:
        values["site"] = values["site"] or incident.site.name
        values["station"] = values["station"] or (
            incident.station.name if incident.station else values["site"]
        )
    return {
        "language": language,
        "address": case.driver.email if case.driver else "",
        "text": filled(text or usual_text(language), values),
    }


@transaction.atomic
def follow_incident(
    *, case: SupportCase, incident: Incident, text: str = "", **more: str
) -> CaseIncident:
    """Tell the caller of a case when an incident is over; ``more``: address and language.

    Refuses an incident that is over, one that the case waits for already, and a text in which a
    placeholder is left.
    """
    _refuse_over(incident)
    _lock([case])
    if _waiting(case=case, incident=incident).exists():
        raise RuleViolation("linked", _("The case is linked to this incident already."))
    usual = prepared(case, incident, text)
    values = usual | {name: value for name, value in more.items() if value or name == "address"}
    link = CaseIncident(
        operator_id=case.operator_id,
        case=case,
        incident=incident,
        linked_by_label=current_actor.get().label[:200],
        **_checked(values),
    )
    link.save()
    log_line(case, EntryKind.LINKED, str(incident), data={"incident": incident.public_id})
    audit_line(case, "case.incident", {"incident": incident.public_id, **_told(link)})
    return link


@transaction.atomic
def follow_many(
    *, incident: Incident, cases: Iterable[SupportCase], texts: Mapping[str, str] | None = None
) -> list[CaseIncident]:
    """Link several cases, each told in its language; those that wait already are left."""
    wanted = list(cases)
    _lock(wanted)
    known = set(_waiting(incident=incident).values_list("case_id", flat=True))
    made = []
    for case in wanted:
        if case.pk not in known:
            text = (texts or {}).get(language_of(case), "")
            made.append(follow_incident(case=case, incident=incident, text=text))
    return made


@transaction.atomic
def change_follow(*, link: CaseIncident, **changes: str) -> CaseIncident:
    """Change text, address or language of what the caller is told, while nobody has been."""
    held: CaseIncident = CaseIncident.objects.select_for_update(of=("self",)).get(pk=link.pk)
    _refuse_done(held)
    values = _checked({name: getattr(held, name) for name in CHANGEABLE} | changes)
    before = _told(held)
    for name, value in values.items():
        setattr(held, name, value)
    held.save(update_fields=[*CHANGEABLE])
    audit_line(
        held.case,
        "case.incident_text",
        {"changed": sorted(changes), "before": before, **_told(held)},
    )
    return held


@transaction.atomic
def drop_follow(*, link: CaseIncident, reason: str = "") -> CaseIncident:
    """Take a link back, while nobody has been told."""
    changed = CaseIncident.objects.filter(pk=link.pk, state=FollowState.WAITING).update(
        state=FollowState.DROPPED
    )
    if not changed:
        raise RuleViolation("told", _("The caller has been told already."))
    link.refresh_from_db()
    audit_line(link.case, "case.incident_drop", {"incident": link.incident.public_id}, reason)
    return link


def links_of(case: SupportCase) -> QuerySet[CaseIncident]:
    """Incidents that explain a case, the latest linked first."""
    return _links(case=case).select_related(
        "incident__site", "incident__station", "incident__evse", "case__operator"
    )


def link_of(case: SupportCase, incident: str) -> CaseIncident | None:
    """The link of a case to an incident by its public id: the one that waits, else the latest."""
    rows = links_of(case).filter(incident__public_id=incident)
    return rows.filter(state=FollowState.WAITING).first() or rows.first()


def cases_of(incident: Incident) -> QuerySet[CaseIncident]:
    """Cases that an incident explains."""
    return _links(incident=incident).select_related("case__driver", "case__operator", "incident")


def offered_incidents(case: SupportCase) -> QuerySet[Incident]:
    """Live incidents where the case is, for which it does not wait yet; without a place all."""
    linked = _waiting(case=case).values("incident")
    rows = incidents().filter(IS_LIVE).exclude(pk__in=linked)
    if case.station is not None:
        here = Q(station=case.station) | Q(station=None, site=case.station.site_id)
        rows = rows.filter(here)
    return rows.order_by("severity", "first_symptom_at", "pk")


def affected_cases(incident: Incident) -> QuerySet[SupportCase]:
    """Open cases where the incident is, that do not wait for it yet."""
    rows: QuerySet[SupportCase] = SupportCase.objects.filter(state=CaseState.OPEN).exclude(
        pk__in=_waiting(incident=incident).values("case")
    )
    if incident.station_id is not None:
        rows = rows.filter(station=incident.station_id)
    else:
        rows = rows.filter(station__site=incident.site_id)
    return rows.select_related("operator", "driver", "station__site", "evse").order_by(
        "opened_at", "id"
    )


def _links(**about: Any) -> QuerySet[CaseIncident]:
    rows: QuerySet[CaseIncident] = CaseIncident.objects.filter(**about).exclude(
        state=FollowState.DROPPED
    )
    return rows


def _waiting(**about: Any) -> QuerySet[CaseIncident]:
    return _links(**about).filter(state=FollowState.WAITING)


def _lock(cases: Iterable[SupportCase]) -> None:
    """Links of a case are made one after another: the second of two sees the first."""
    keys = [case.pk for case in cases]
    rows = SupportCase.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    list(rows.order_by("pk").values_list("pk", flat=True))


def _told(link: CaseIncident) -> dict[str, Any]:
    """What the audit trail keeps: it is never cleared, so no address and no text, which may have
    the caller's name."""
    return {"language": link.language, "by_mail": bool(link.address)}


def _checked(values: Mapping[str, str]) -> dict[str, str]:
    text = values["text"].strip()
    if not text:
        raise InvalidInput("text_needed", _("Write something."), field="text")
    refuse_unknown(text, "text")
    refuse_left(text)
    if len(text) > 4000:
        raise InvalidInput("text_long", _("At most 4000 characters."), field="text")
    if values["language"] not in dict(settings.LANGUAGES):
        raise InvalidInput("language", _("There is no such language."), field="language")
    if values["address"]:
        try:
            validate_email(values["address"])
        except ValidationError as error:
            raise InvalidInput("address", error.messages[0], field="address") from error
    return {**values, "text": text}


def _refuse_over(incident: Incident) -> None:
    if not incident.is_live:
        raise RuleViolation("incident_over", _("The incident is over already."))


def _refuse_done(link: CaseIncident) -> None:
    if link.state != FollowState.WAITING:
        raise RuleViolation("told", _("The caller has been told already."))
