"""Giving many sites a price at once, from one instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.tariffs.affected import overlapping
from billing.tariffs.assigning import Target, end_assignment, put_at, same_target
from billing.tariffs.models import Tariff, TariffAssignment, TariffVersion
from billing.tariffs.notice_models import PriceNotice
from billing.tariffs.notice_services import announce
from billing.tariffs.services import put_in_force
from core.errors import InvalidInput, RuleViolation
from stations.sites.models import Site


@dataclass(frozen=True, slots=True)
class RollOut:
    """What was done. ``kept``: the tariff held there already."""

    assigned: Sequence[TariffAssignment]
    ended: Sequence[TariffAssignment]
    kept: Sequence[TariffAssignment]
    version: TariffVersion | None
    notice: PriceNotice | None


@transaction.atomic
def roll_out(
    *,
    tariff: Tariff,
    sites: Sequence[Site],
    target: Target,
    starts_at: datetime | None = None,
    publishes_draft: bool = False,
    digest: str = "",
    accepts_short_notice: bool = False,
    reason: str = "",
) -> RollOut:
    """Let ``tariff`` hold at all the sites from one instant (None: now), in place of what holds
    there for the same connector type and price group (those of ``target``); its draft is published
    from then if asked.

    All of it or nothing. The customers concerned get one notice. Refuses what publishing and
    assigning refuse, and a site where another tariff is planned for later.
    """
    if not sites:
        raise InvalidInput("no_site", _("Choose at least one site."), field="sites")
    start = starts_at or timezone.now()
    version = None
    if publishes_draft:
        version = put_in_force(tariff=tariff, start=start, digest=digest, reason=reason)
    assigned: list[TariffAssignment] = []
    ended: list[TariffAssignment] = []
    kept: list[TariffAssignment] = []
    for site in sorted(set(sites), key=lambda one: one.pk):
        place = replace(target, site=site)
        held = _held(place, start)
        if held is not None and held.tariff_id == tariff.pk and held.valid_to_at is None:
            kept.append(held)
            continue
        if held is not None:
            ended.append(end_assignment(assignment=held, valid_to_at=start, reason=reason))
        assigned.append(put_at(tariff=tariff, target=place, start=start, reason=reason))
    if not assigned and version is None:
        raise RuleViolation("nothing_changes", _("The tariff holds at all these sites already."))
    notice = announce(
        tariff=tariff,
        rows=_told(tariff, assigned, start, of_version=version is not None),
        start=start,
        version=version,
        accepts_short=accepts_short_notice,
        reason=reason,
    )
    return RollOut(assigned, ended, kept, version, notice)


def _held(target: Target, start: datetime) -> TariffAssignment | None:
    """What holds for exactly this at ``start``; refuses what is planned for later."""
    wanted = TariffAssignment(
        site=target.site, connector_type=target.connector_type, price_group=target.price_group
    )
    rows = list(
        overlapping(same_target(wanted), start, None)
        .select_related("tariff", "site")
        .order_by("valid_from_at")
    )
    later = next((row for row in rows if row.valid_from_at > start), None)
    if later is not None:
        raise RuleViolation(
            "assignment_overlap",
            _("%(tariff)s is planned for %(site)s later. End that first.")
            % {"tariff": later.tariff, "site": target.site},
            field="sites",
        )
    return rows[0] if rows else None


def _told(
    tariff: Tariff, assigned: Sequence[TariffAssignment], start: datetime, *, of_version: bool
) -> Sequence[TariffAssignment]:
    """A version concerns all places of the tariff, an assignment its own."""
    if not of_version:
        return assigned
    return list(overlapping(tariff.assignments.select_related("operator"), start, None))
