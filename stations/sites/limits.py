"""Which sites a limited member or API token works with (the kernel's PLACE_SOURCE)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.tenancy.places import Holder
from stations.sites.models import ApiTokenSite, MembershipSite, Site

_TABLES: Final[dict[Holder, tuple[type[Any], str]]] = {
    Holder.MEMBER: (MembershipSite, "membership_id"),
    Holder.TOKEN: (ApiTokenSite, "token_id"),
}


class SiteLimits:
    """The kernel's places are sites."""

    def places_of(self, holder: Holder, pk: int) -> frozenset[int]:
        """The sites of a limited member or token."""
        return frozenset(_rows(holder, [pk]).values_list("site_id", flat=True))

    def names(self, holder: Holder, pks: Collection[int]) -> Mapping[int, list[str]]:
        """Names of the chosen sites by member or token."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        rows = _rows(holder, pks).order_by("site__name")
        for pk, name in rows.values_list(_TABLES[holder][1], "site__name"):
            found[pk].append(name)
        return found

    def joined_names(self, holder: Holder) -> Combinable:
        """Expression over members or tokens: the names of the chosen sites, with commas."""
        table, column = _TABLES[holder]
        rows = table.objects.filter(**{column: OuterRef("pk")})
        names = StringAgg("site__name", delimiter=", ", order_by="site__name")
        joined = rows.order_by().values(column).annotate(names=names).values("names")
        return Coalesce(Subquery(joined), Value(""), output_field=TextField())

    def choices(self) -> list[tuple[int, str]]:
        """Sites in use."""
        rows = Site.objects.filter(retired_on=None).order_by("name", "id")
        return list(rows.values_list("pk", "name"))

    def keys(self, public_ids: Collection[str]) -> Mapping[str, int]:
        """Keys of sites by public id."""
        rows = Site.objects.filter(public_id__in=public_ids)
        return dict(rows.values_list("public_id", "pk"))

    def assign(self, holder: Holder, pk: int, operator_id: int, places: Collection[int]) -> None:
        """Make these the sites of a member or token; refuses one that the operator does not
        have."""
        wanted = set(places)
        known = set(Site.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        if wanted - known:
            raise InvalidInput("unknown_site", _("There is no such site."), field="sites")
        table, column = _TABLES[holder]
        rows = _rows(holder, [pk])
        rows.exclude(site_id__in=wanted).delete()
        present = set(rows.values_list("site_id", flat=True))
        table.objects.bulk_create(
            table(**{column: pk}, operator_id=operator_id, site_id=site)
            for site in sorted(wanted - present)
        )


def _rows(holder: Holder, pks: Collection[int]) -> QuerySet[Any]:
    table, column = _TABLES[holder]
    found: QuerySet[Any] = table.objects.filter(**{f"{column}__in": pks})
    return found
