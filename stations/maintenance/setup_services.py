"""Setting up who does the work: partners, work calendars, service agreements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Membership, Operator
from core.accounts.permissions import Role
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput
from core.ids import public_id
from core.ui.zone_names import zone_names
from stations.maintenance.escalation_models import EscalationContact, Stage
from stations.maintenance.names import refuse_taken
from stations.maintenance.partner_models import (
    AgreementSite,
    AgreementTime,
    Partner,
    PartnerMember,
    Priority,
    ServiceAgreement,
    WorkCalendar,
)
from stations.sites.hours import HoursError, parse_hours
from stations.sites.hours_form import wording
from stations.sites.models import Site
from stations.sites.public_holidays import has_holidays

MOST_CONTACTS: Final = 20
Row = TypeVar("Row", Partner, WorkCalendar, ServiceAgreement)
Contact = tuple[int, str, str]
"""Stage, address, name."""


@transaction.atomic
def save_partner(
    *,
    operator: Operator,
    partner: Partner | None,
    people: Iterable[Membership] | None = None,
    **values: Any,
) -> Partner:
    """Make or change a partner, and say who its technicians are; without ``people`` they stay.

    Refuses one that does nothing, a name that is taken, and people of the operator or of another
    partner.
    """
    row = partner or Partner(operator=operator, public_id=public_id("par"))
    before, after = apply_changes(row, values)
    if not (row.is_technician or row.is_supplier):
        raise InvalidInput(
            "partner_idle", _("Say whether it works on site or supplies."), field="is_technician"
        )
    if people is None:
        return _saved(row, "partner", before, after, is_new=partner is None)
    chosen = {one.pk: one for one in people}
    old = {one.membership_id: one for one in row.people.all()} if partner else {}
    if set(chosen) != set(old):
        before["people"] = ", ".join(sorted(str(one.membership.user) for one in old.values()))
        after["people"] = ", ".join(sorted(str(one.user) for one in chosen.values()))
    saved = _saved(row, "partner", before, after, is_new=partner is None)
    _set_people(saved, chosen)
    return saved


def _set_people(partner: Partner, chosen: Mapping[int, Membership]) -> None:
    others = PartnerMember.objects.filter(membership__in=chosen).exclude(partner=partner)
    if others.exists() or any(one.role != Role.PARTNER for one in chosen.values()):
        raise InvalidInput("person", _("This person works for somebody else."), field="people")
    PartnerMember.objects.filter(partner=partner).exclude(membership__in=chosen).delete()
    PartnerMember.objects.bulk_create(
        [
            PartnerMember(operator_id=partner.operator_id, partner=partner, membership_id=pk)
            for pk in chosen
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def save_calendar(
    *, operator: Operator, calendar: WorkCalendar | None, **values: Any
) -> WorkCalendar:
    """Make or change a calendar; orders keep the one that they were opened with. Refuses hours
    that never are, and zones and countries that nobody knows."""
    row = calendar or WorkCalendar(operator=operator, public_id=public_id("cal"))
    before, after = apply_changes(row, values)
    if row.time_zone not in zone_names():
        raise InvalidInput("time_zone", _("There is no such time zone."), field="time_zone")
    if row.country_code and not has_holidays(row.country_code):
        raise InvalidInput(
            "country", _("The public holidays of this country are not known."), field="country_code"
        )
    try:
        hours = parse_hours(row.hours)
    except HoursError as error:
        raise InvalidInput("hours", wording(error), field="hours") from error
    if not hours.always and not any(hours.week):
        raise InvalidInput("hours", _("Nobody ever works by this calendar."), field="hours")
    return _saved(row, "work_calendar", before, after, is_new=calendar is None)


@transaction.atomic
def save_agreement(
    *,
    operator: Operator,
    agreement: ServiceAgreement | None,
    times: Mapping[str, Mapping[str, Any]] | None = None,
    sites: Iterable[Site] | None = None,
    contacts: Iterable[Contact] | None = None,
    **values: Any,
) -> ServiceAgreement:
    """Make or change an agreement with its times by priority, its sites and its chain; what is
    None stays. Orders that are open keep what they were promised.

    Refuses an end before the beginning, times that promise nothing, and a chain with an address
    that is none or twice.
    """
    row = agreement or ServiceAgreement(
        operator=operator, public_id=public_id("agr"), calendar=values["calendar"]
    )
    before, after = apply_changes(row, values)
    if row.valid_until_on and row.valid_until_on < row.valid_from_on:
        raise InvalidInput("days", _("The period ends before it begins."), field="valid_until_on")
    saved = _saved(row, "agreement", {}, {}, is_new=agreement is None, audited=False)
    old = described(saved) if agreement is not None else {}
    if times is not None:
        _set_times(saved, times)
    if sites is not None:
        AgreementSite.objects.filter(agreement=saved).delete()
        AgreementSite.objects.bulk_create(
            AgreementSite(operator_id=saved.operator_id, agreement=saved, site=site)
            for site in sites
        )
    if contacts is not None:
        _set_contacts(saved, list(contacts))
    new = described(saved)
    if not AgreementTime.objects.filter(agreement=saved).exists():
        raise InvalidInput("times", _("Promise something for one priority at least."))
    changed = {name for name in new if old.get(name) != new[name]}
    record(
        "agreement.create" if agreement is None else "agreement.change",
        saved,
        operator_id=saved.operator_id,
        before={**_plain(before), **{name: old[name] for name in changed if name in old}},
        after={**_plain(after), **{name: new[name] for name in changed}},
    )
    return saved


def described(agreement: ServiceAgreement) -> dict[str, Any]:
    """What hangs on an agreement, for the audit trail."""
    times = AgreementTime.objects.filter(agreement=agreement).order_by("priority")
    contacts = EscalationContact.objects.filter(agreement=agreement)
    return {
        "calendar": str(agreement.calendar),
        "times": {one.priority: [one.respond_min, one.restore_min, one.is_always] for one in times},
        "sites": sorted(
            AgreementSite.objects.filter(agreement=agreement).values_list("site__name", flat=True)
        ),
        "contacts": [f"{one.stage} {one}" for one in contacts.select_related("membership__user")],
    }


def _set_times(agreement: ServiceAgreement, times: Mapping[str, Mapping[str, Any]]) -> None:
    for priority, time in times.items():
        if priority not in Priority.values:
            raise InvalidInput("priority", _("There is no such priority."), field="times")
        rows = AgreementTime.objects.filter(agreement=agreement, priority=priority)
        if time.get("respond_min") is None and time.get("restore_min") is None:
            rows.delete()
            continue
        values = {name: time.get(name) for name in ("respond_min", "restore_min")}
        if any(value is not None and not 0 < value <= 525_600 for value in values.values()):
            raise InvalidInput("times", _("From one minute to a year."), field="times")
        AgreementTime.objects.update_or_create(
            operator_id=agreement.operator_id,
            agreement=agreement,
            priority=priority,
            defaults={**values, "is_always": bool(time.get("is_always"))},
        )


def _set_contacts(agreement: ServiceAgreement, contacts: list[Contact]) -> None:
    if len(contacts) > MOST_CONTACTS or len({(s, e.lower()) for s, e, _n in contacts}) < len(
        contacts
    ):
        raise InvalidInput(
            "contacts", _("At most 20 contacts, none of them twice."), field="contacts"
        )
    members = {
        one.user.email.lower(): one
        for one in Membership.objects.filter(is_active=True).select_related("user")
    }
    EscalationContact.objects.filter(agreement=agreement).delete()
    EscalationContact.objects.bulk_create(
        _contact(agreement, members.get(email.lower()), stage, email, name)
        for stage, email, name in contacts
    )


def _contact(
    agreement: ServiceAgreement, member: Membership | None, stage: int, email: str, name: str
) -> EscalationContact:
    """A member is told as such, and no longer when they leave."""
    if stage not in Stage.values:
        raise InvalidInput("stage", _("Stages are 50, 80, 100, 150 and 200."), field="contacts")
    try:
        validate_email(email)
    except ValidationError as error:
        text = _("“%(email)s” is no e-mail address.") % {"email": email[:80]}
        raise InvalidInput("email", text, field="contacts") from error
    return EscalationContact(
        operator_id=agreement.operator_id,
        public_id=public_id("esc"),
        agreement=agreement,
        stage=stage,
        membership=member,
        email="" if member else email,
        name="" if member else name[:120],
    )


def _saved(
    row: Row,
    noun: str,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    is_new: bool,
    audited: bool = True,
) -> Row:
    row.full_clean(exclude=["operator"])
    refuse_taken(row)
    row.save()
    if audited and (after or is_new):
        record(
            f"{noun}.create" if is_new else f"{noun}.change",
            row,
            operator_id=row.operator_id,
            before={} if is_new else _plain(before),
            after=_plain(after),
        )
    return row


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, bool) else str(value) for name, value in values.items()
    }
