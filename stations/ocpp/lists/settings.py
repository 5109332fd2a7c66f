"""Whether a station's local list is kept in step: its own choice, its site's, the operator's."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.errors import RuleViolation
from core.tenancy.places import current_places, limited_to
from stations.hardware.models import Station
from stations.ocpp.answered_lists import list_of
from stations.ocpp.models import ListChoice, LocalList, LocalListSetting
from stations.sites.models import Site


class Choices:
    """All choices of the operator in scope, read once. A member limited to sites is told what
    the operator's own choice is, too."""

    def __init__(self) -> None:
        with limited_to(None):
            rows = LocalListSetting.objects.values_list("site_id", "is_enabled")
            self._by_site: dict[int | None, bool] = dict(rows)

    @property
    def operator(self) -> bool:
        """The operator's; off until someone turns it on."""
        return self._by_site.get(None, False)

    def of_site(self, site_id: int) -> bool | None:
        """The site's own choice; None when it has none."""
        return self._by_site.get(site_id)

    def is_enabled(self, station: Station, choice: str) -> bool:
        """Whether the list of ``station`` is kept in step; never of one marked hands-off."""
        if station.hands_off:
            return False
        if choice != ListChoice.INHERIT:
            return choice == ListChoice.ON
        return self._by_site.get(station.site_id, self.operator)


def choice_of(kept: LocalList | None) -> str:
    """The station's own choice."""
    return kept.choice if kept is not None else str(ListChoice.INHERIT)


@transaction.atomic
def choose_for_station(*, station: Station, choice: str, reason: str = "") -> LocalList:
    """Turn keeping in step on or off for one station, or leave it to its site."""
    kept = list_of(station)
    if kept.choice != choice:
        before, kept.choice = kept.choice, ListChoice(choice)
        kept.save(update_fields=["choice", "updated_at"])
        _record(station, station.operator_id, before, choice, reason)
    return kept


@transaction.atomic
def choose_for_site(*, site: Site, is_enabled: bool | None, reason: str = "") -> None:
    """Turn it on or off for the stations of a site; None leaves it to the operator."""
    row = LocalListSetting.objects.select_for_update().filter(site=site).first()
    before = None if row is None else row.is_enabled
    if before is is_enabled:
        return
    if is_enabled is None:
        LocalListSetting.objects.filter(site=site).delete()
    else:
        LocalListSetting.objects.update_or_create(
            site=site,
            defaults={"operator_id": site.operator_id, "is_enabled": is_enabled},
        )
    _record(site, site.operator_id, before, is_enabled, reason)


@transaction.atomic
def choose_for_operator(*, operator: Operator, is_enabled: bool, reason: str = "") -> None:
    """Turn it on or off for all stations whose site says nothing else; refuses a member who
    is limited to sites."""
    if current_places() is not None:
        raise RuleViolation(
            "whole_operator", _("Only members who see every site choose for the whole network.")
        )
    row = LocalListSetting.objects.select_for_update().filter(site=None).first()
    before = row.is_enabled if row is not None else False
    LocalListSetting.objects.update_or_create(
        operator=operator, site=None, defaults={"is_enabled": is_enabled}
    )
    if before is not is_enabled:
        _record(operator, operator.pk, before, is_enabled, reason)


def _record(
    instance: Station | Site | Operator,
    operator_id: int,
    before: str | bool | None,
    after: str | bool | None,
    reason: str,
) -> None:
    record(
        "local_list.choose",
        instance,
        operator_id=operator_id,
        before={"local_lists": before},
        after={"local_lists": after},
        reason=reason,
    )
