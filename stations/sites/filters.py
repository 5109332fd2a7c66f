"""Filters of sites."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists.filters import ChoiceFilter, ListFilterSet
from stations.sites.choices import PlaceClass
from stations.sites.models import Site

IN_USE = [("in_use", _("In use")), ("retired", _("Retired")), ("all", _("All"))]


class SiteFilter(ListFilterSet):
    """Search and whether retired sites are listed (not unless asked)."""

    search_fields = ("name", "address", "postal_code", "city", "public_id")
    place_class = ChoiceFilter(label=_("Place class"), choices=PlaceClass.choices[1:])
    use = ChoiceFilter(method="by_use", label=_("Use"), choices=IN_USE)

    class Meta:
        model = Site
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Site]) -> QuerySet[Site]:
        """Without a choice only sites in use."""
        found: QuerySet[Site] = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("use") else found.filter(retired_on=None)

    def by_use(self, queryset: QuerySet[Site], _name: str, value: str) -> QuerySet[Site]:
        """In use, retired or both."""
        return queryset if value == "all" else queryset.filter(retired_on__isnull=value == "in_use")
