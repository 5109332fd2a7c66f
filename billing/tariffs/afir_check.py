"""Keeping ad hoc prices within AFIR where a tariff is published or assigned."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.tariffs.afir import (
    STRONG_W,
    Problem,
    any_power_problems,
    is_for_ad_hoc,
    strong_problems,
)
from billing.tariffs.choice import Wish
from billing.tariffs.choosing import tariff_facts
from billing.tariffs.documents import parsed
from billing.tariffs.lint_words import breach_text
from billing.tariffs.model import Tariff as PureTariff
from billing.tariffs.models import Tariff, TariffAssignment, VersionState
from core.errors import RuleViolation
from core.tenancy.places import limited_to
from stations.hardware.models import Connector
from stations.sites.choices import PublicAccess

_UNSTATED = Q(evse__public_access="", evse__station__site__public_access="")


def refuse_ad_hoc_rules(tariff: Tariff, document: PureTariff, start: datetime) -> None:
    """Refuse a version that would be an ad hoc price against AFIR where the tariff is assigned."""
    rows = tariff.assignments.filter(Q(valid_to_at=None) | Q(valid_to_at__gt=start))
    for row in rows.filter(price_group=None):
        _refuse(row, document, max(start, row.valid_from_at))


def refuse_ad_hoc_place(row: TariffAssignment) -> None:
    """Refuse an assignment that would make the tariff an ad hoc price against AFIR somewhere."""
    if row.price_group_id is not None:
        return
    versions = row.tariff.versions.filter(state=VersionState.PUBLISHED)
    start = row.valid_from_at
    in_force = versions.filter(takes_effect_at__lte=start).order_by("-takes_effect_at")[:1]
    for version in (*in_force, *versions.filter(takes_effect_at__gt=start)):
        _refuse(row, parsed(version.document), max(start, version.takes_effect_at or start))


def _refuse(row: TariffAssignment, document: PureTariff, at: datetime) -> None:
    if not is_for_ad_hoc(document):
        return
    general = any_power_problems(document)
    strong = strong_problems(document)
    if not strong:
        return
    connectors = public_connectors(row)
    anywhere = _stated_first(connectors).first() if general else None
    if anywhere is not None:
        raise RuleViolation("afir_ad_hoc", _sentence(general, None) + _hint(anywhere))
    place = _strong_place(row, _stated_first(connectors), at)
    if place is not None:
        raise RuleViolation("afir_ad_hoc", _sentence(strong, place) + _hint(place))


def _sentence(problems: tuple[Problem, ...], place: Connector | None) -> str:
    why = " ".join(dict.fromkeys(breach_text(problem) for problem in problems))
    if place is None:
        return _("Not allowed as an ad hoc price (AFIR): %(why)s") % {"why": why}
    return _("Not allowed as an ad hoc price at %(evse)s, 50 kW or more (AFIR): %(why)s") % {
        "evse": place.evse,
        "why": why,
    }


def _stated_first(connectors: QuerySet[Connector]) -> QuerySet[Connector]:
    """Those that are said to be public before those of which nothing is said."""
    return connectors.annotate(is_unstated=Case(When(_UNSTATED, then=1), default=0)).order_by(
        "is_unstated", "pk"
    )


def _hint(connector: Connector) -> str:
    """What to do where a place counts as public only because nothing else is said of it."""
    site = connector.evse.station.site
    if connector.evse.public_access or site.public_access:
        return ""
    return " " + _(
        "%(site)s does not say whether it is publicly accessible and therefore counts as public. "
        "If it is private, say so on the page of the site."
    ) % {"site": site}


def public_connectors(row: TariffAssignment) -> QuerySet[Connector]:
    """Connectors of EVSEs at the place of an assignment that are publicly accessible, or may be:
    what is not stated counts as public."""
    site_says = Q(evse__public_access="") & ~Q(
        evse__station__site__public_access=PublicAccess.PRIVATE
    )
    own = Q(evse__public_access__in=[PublicAccess.PUBLIC, PublicAccess.PART_TIME])
    with limited_to(None):
        found: QuerySet[Connector] = Connector.objects.filter(
            site_says | own, retired_on=None, evse__retired_on=None
        )
    if row.evse_id is not None:
        found = found.filter(evse=row.evse_id)
    elif row.station_id is not None:
        found = found.filter(evse__station=row.station_id)
    elif row.site_id is not None:
        found = found.filter(evse__station__site=row.site_id)
    if row.connector_type:
        found = found.filter(connector_type=row.connector_type)
    return found.select_related("evse__station__site")


def _strong_place(
    row: TariffAssignment, connectors: QuerySet[Connector], at: datetime
) -> Connector | None:
    """A connector of 50 kW or more whose ad hoc price the assignment would be."""
    strong = connectors.filter(
        Q(max_power_w__gte=STRONG_W) | Q(max_power_w=None, evse__max_power_w__gte=STRONG_W)
    )
    facts = tariff_facts(min(at, timezone.now()), at)
    for connector in strong[:5000]:
        wish = Wish(
            at=at,
            site_id=connector.evse.station.site_id,
            station_id=connector.evse.station_id,
            evse_id=connector.evse_id,
            connector_type=connector.connector_type,
        )
        chosen = facts.choose(wish).offer
        if chosen is not None and chosen.id == row.pk:
            return connector
    return None
