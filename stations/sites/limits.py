"""Which sites a limited member works with (plugged into the kernel by PLACE_SOURCE)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from stations.sites.models import MembershipSite, Site


class SiteLimits:
    """The kernel's places are sites."""

    def places_of(self, membership_id: int) -> frozenset[int]:
        """The sites of a limited member."""
        rows = MembershipSite.objects.filter(membership_id=membership_id)
        return frozenset(rows.values_list("site_id", flat=True))

    def names(self, membership_ids: Collection[int]) -> Mapping[int, list[str]]:
        """Names of the chosen sites by membership."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        rows = MembershipSite.objects.filter(membership_id__in=membership_ids)
        pairs = rows.order_by("site__name").values_list("membership_id", "site__name")
        for membership_id, name in pairs:
            found[membership_id].append(name)
        return found

    def joined_names(self) -> Combinable:
        """Expression over memberships: the names of the chosen sites, with commas."""
        rows = MembershipSite.objects.filter(membership_id=OuterRef("pk"))
        names = StringAgg("site__name", delimiter=", ", order_by="site__name")
        joined = rows.order_by().values("membership_id").annotate(names=names).values("names")
        return Coalesce(Subquery(joined), Value(""), output_field=TextField())

    def choices(self) -> list[tuple[int, str]]:
        """Sites in use."""
        rows = Site.objects.filter(retired_on=None).order_by("name", "id")
        return list(rows.values_list("pk", "name"))

    def keys(self, public_ids: Collection[str]) -> Mapping[str, int]:
        """Keys of sites by public id."""
        rows = Site.objects.filter(public_id__in=public_ids)
        return dict(rows.values_list("public_id", "pk"))

    def assign(self, membership_id: int, operator_id: int, places: Collection[int]) -> None:
        """Make these the sites of a member; refuses one that the operator does not have."""
        wanted = set(places)
        known = set(Site.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        if wanted - known:
            raise InvalidInput("unknown_site", _("There is no such site."), field="sites")
        rows = MembershipSite.objects.filter(membership_id=membership_id)
        rows.exclude(site_id__in=wanted).delete()
        present = set(rows.values_list("site_id", flat=True))
        MembershipSite.objects.bulk_create(
            MembershipSite(membership_id=membership_id, operator_id=operator_id, site_id=pk)
            for pk in sorted(wanted - present)
        )
