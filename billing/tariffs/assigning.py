"""Saying where a tariff holds, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.accounts.models import Audience, PriceGroup
from billing.tariffs.affected import overlapping, sessions_of
from billing.tariffs.afir_check import refuse_ad_hoc_place
from billing.tariffs.models import Tariff, TariffAssignment, VersionState
from billing.tariffs.notice_models import NoticeState, PriceNotice
from billing.tariffs.notice_services import announce, cancel_notices
from billing.tariffs.services import NOW_MEANS
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from stations.hardware.models import Evse, Station
from stations.sites.models import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a tariff is assigned to; at most one of the places, none for the whole network."""

    site: Site | None = None
    station: Station | None = None
    evse: Evse | None = None
    connector_type: str = ""
    price_group: PriceGroup | None = None


@transaction.atomic
def assign(
    *,
    tariff: Tariff,
    target: Target,
    valid_from_at: datetime | None = None,
    valid_to_at: datetime | None = None,
    accepts_short_notice: bool = False,
    reason: str = "",
) -> TariffAssignment:
    """Let ``tariff`` hold somewhere from an instant (None: now); customers concerned are told.

    Refused: a retired tariff, or one without a version in force by then; a period that ends before
    it starts; a second tariff for the same place, connector type and price group at a time; a
    start in the past where sessions have a price; an ad hoc price against AFIR; a price group that
    must not see it; a start that is nearer than customers must be told before, unless that is
    accepted with a reason.
    """
    start = valid_from_at or timezone.now()
    row = put_at(tariff=tariff, target=target, start=start, end=valid_to_at, reason=reason)
    announce(
        tariff=row.tariff,
        rows=[row],
        start=start,
        accepts_short=accepts_short_notice,
        reason=reason,
    )
    return row


def put_at(
    *,
    tariff: Tariff,
    target: Target,
    start: datetime,
    end: datetime | None = None,
    reason: str = "",
) -> TariffAssignment:
    """Assign without telling anybody; the caller is in a transaction and tells."""
    tariff = Tariff.objects.select_for_update().get(pk=tariff.pk)
    now = timezone.now()
    row = _row(tariff, target, start, end)
    _refuse_tariff(tariff, row)
    _refuse_basis(tariff, row)
    _refuse_overlap(row)
    if row.valid_from_at < now - NOW_MEANS:
        _refuse_past(row, now)
    row.full_clean(validate_constraints=False)
    _save(row)
    refuse_ad_hoc_place(row)
    record(
        "tariff.assign",
        tariff,
        operator_id=tariff.operator_id,
        after=facts_of(row),
        reason=reason,
    )
    return row


def _row(tariff: Tariff, target: Target, start: datetime, end: datetime | None) -> TariffAssignment:
    places = [place for place in (target.site, target.station, target.evse) if place is not None]
    if len(places) > 1:
        raise InvalidInput(
            "one_place", _("Choose one of site, station and EVSE, or none for the whole network.")
        )
    if end is not None and end <= start:
        raise InvalidInput(
            "period_order", _("The period ends before it starts."), field="valid_to_at"
        )
    if target.price_group is not None and target.price_group.retired_on is not None:
        raise InvalidInput(
            "price_group_retired", _("The price group is retired."), field="price_group"
        )
    return TariffAssignment(
        operator_id=tariff.operator_id,
        public_id=public_id("tas"),
        tariff=tariff,
        site=target.site,
        station=target.station,
        evse=target.evse,
        connector_type=target.connector_type,
        price_group=target.price_group,
        valid_from_at=start,
        valid_to_at=end,
    )


def _refuse_tariff(tariff: Tariff, row: TariffAssignment) -> None:
    if tariff.retired_at is not None:
        raise RuleViolation("tariff_retired", _("The tariff is retired."))
    in_force = tariff.versions.filter(
        state=VersionState.PUBLISHED, takes_effect_at__lte=row.valid_from_at
    )
    if not in_force.exists():
        raise RuleViolation(
            "no_version_in_force",
            _("No version of the tariff is in force by then; publish one first."),
            field="valid_from_at",
        )


def _refuse_basis(tariff: Tariff, row: TariffAssignment) -> None:
    """Consumers must see prices with VAT, so their group never gets a tariff without."""
    group = row.price_group
    if group is not None and group.audience == Audience.CONSUMER and not tariff.is_tax_included:
        raise RuleViolation(
            "consumer_tax",
            _(
                "%(group)s is for consumers, who must see prices with VAT; the prices of "
                "%(tariff)s are without. Use a tariff with VAT."
            )
            % {"group": group, "tariff": tariff},
            field="price_group",
        )


def basis_warning(tariff: Tariff, group: PriceGroup | None) -> str:
    """What to know where a company group's prices are shown on another basis than the tariff's;
    empty where they agree."""
    if group is None or group.shows_tax_included == tariff.is_tax_included:
        return ""
    text = (
        _("%(group)s sees prices without VAT, but those of %(tariff)s are entered with VAT.")
        if tariff.is_tax_included
        else _("%(group)s sees prices with VAT, but those of %(tariff)s are entered without VAT.")
    )
    return text % {"group": group, "tariff": tariff}


def same_target(row: TariffAssignment) -> Any:
    """Assignments of equal specificity to ``row``: same place, connector type, price group."""
    return TariffAssignment.objects.filter(
        site=row.site_id,
        station=row.station_id,
        evse=row.evse_id,
        connector_type=row.connector_type,
        price_group=row.price_group_id,
    ).exclude(pk=row.pk)


def _refuse_overlap(row: TariffAssignment) -> None:
    other = (
        overlapping(same_target(row), row.valid_from_at, row.valid_to_at)
        .select_related("tariff")
        .first()
    )
    if other is None:
        return
    _refuse_second(row, other.tariff.name)


def _refuse_second(row: TariffAssignment, name: str) -> None:
    default = not (
        row.site_id or row.station_id or row.evse_id or row.connector_type or row.price_group_id
    )
    message = (
        _("The network has a default at that time already: %(tariff)s. End that first.")
        if default
        else _("%(tariff)s holds for exactly this at that time already. End that first.")
    )
    raise RuleViolation(
        "two_defaults" if default else "assignment_overlap", message % {"tariff": name}
    )


def _refuse_past(row: TariffAssignment, now: datetime) -> None:
    """A price may be given to sessions that had none, never changed."""
    if not sessions_of(row).filter(started_at__gte=row.valid_from_at).exists():
        return
    others = overlapping(TariffAssignment.objects.exclude(pk=row.pk), row.valid_from_at, now)
    if others.exists():
        raise InvalidInput(
            "start_in_past",
            _("Sessions that began after that time have a price already; choose a later start."),
            field="valid_from_at",
        )


def _save(row: TariffAssignment) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "overlap" not in str(error):
            raise
        _refuse_second(row, _("Another tariff"))


@transaction.atomic
def end_assignment(
    *, assignment: TariffAssignment, valid_to_at: datetime | None = None, reason: str = ""
) -> TariffAssignment:
    """Let an assignment end at an instant (None: now); one that has not begun is removed.

    Refused: an end in the past, since sessions were priced by it, or one that comes later than the
    present end.
    """
    now = timezone.now()
    row: TariffAssignment = (
        TariffAssignment.objects.select_for_update(of=("self",))
        .select_related("tariff")
        .get(pk=assignment.pk)
    )
    end = valid_to_at or now
    if end < now - NOW_MEANS:
        raise InvalidInput(
            "end_in_past", _("The end lies in the past; choose a later one."), field="valid_to_at"
        )
    if row.valid_to_at is not None and row.valid_to_at <= end:
        raise RuleViolation(
            "assignment_ended", _("The assignment ends by then already."), field="valid_to_at"
        )
    before = facts_of(row)
    if end <= row.valid_from_at:
        row.delete()
        _forget_notices(before["assignment"])
        after: dict[str, Any] = {}
    else:
        row.valid_to_at = end
        row.save()
        after = facts_of(row)
    record(
        "tariff.unassign",
        row.tariff,
        operator_id=row.operator_id,
        before=before,
        after=after,
        reason=reason,
    )
    return row


def _forget_notices(ref: str) -> None:
    """Cancel the scheduled notices that were about this assignment alone."""
    for notice in PriceNotice.objects.filter(
        assignments__contains=[ref], state=NoticeState.SCHEDULED
    ):
        if not TariffAssignment.objects.filter(public_id__in=notice.assignments).exists():
            cancel_notices(Q(pk=notice.pk))


def facts_of(row: TariffAssignment) -> dict[str, Any]:
    """An assignment for the audit trail."""
    place = row.evse or row.station or row.site
    return {
        "assignment": row.public_id,
        "place": str(place) if place else "network",
        "connector_type": row.connector_type,
        "price_group": str(row.price_group or ""),
        "valid_from_at": row.valid_from_at,
        "valid_to_at": row.valid_to_at,
    }
