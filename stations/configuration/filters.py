"""Filters of templates and of values that are not as desired."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists.filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    ListFilterSet,
    ModelChoiceFilter,
    MultipleChoiceFilter,
)
from core.tenancy.places import current_places
from stations.configuration.models import (
    ConfigurationTemplate,
    DesiredValue,
    DriftState,
    TemplateVersion,
    ValueOrigin,
)
from stations.hardware.filters import site_choices

OUT_OF_STEP = [choice for choice in DriftState.choices if choice[0] != DriftState.IN_STEP]


def template_choices(_request: Any) -> QuerySet[ConfigurationTemplate]:
    """Templates of the operator in scope; a member limited to sites is told of those alone
    that decide for stations there."""
    found: QuerySet[ConfigurationTemplate] = ConfigurationTemplate.objects.order_by("name")
    if current_places() is None:
        return found
    return found.filter(Exists(DesiredValue.objects.filter(template=OuterRef("pk"))))


class DriftFilter(ListFilterSet):
    """Drifts by text, state, site, template, origin, station, key and last answer."""

    search_fields = ("key", "station__name", "station__identity", "value", "actual")
    state = MultipleChoiceFilter(label=_("State"), choices=OUT_OF_STEP, distinct=False)
    site = ModelChoiceFilter(
        queryset=site_choices,
        field_name="station__site",
        to_field_name="public_id",
        label=_("Site"),
    )
    template = ModelChoiceFilter(queryset=template_choices, label=_("Template"))
    origin = ChoiceFilter(label=_("Origin"), choices=ValueOrigin.choices)
    station = CharFilter(field_name="station__public_id", label=_("Station (public id)"))
    key = CharFilter(lookup_expr="iexact", label=_("Key"))
    answer = CharFilter(lookup_expr="iexact", label=_("Last answer"))

    class Meta:
        model = DesiredValue
        fields: list[str] = []


class TemplateFilter(ListFilterSet):
    """Templates by text, version and use."""

    search_fields = ("name", "vendor", "model", "note")
    ocpp_version = ChoiceFilter(label=_("OCPP version"), choices=TemplateVersion.choices)
    is_active = BooleanFilter(label=_("In use"))

    class Meta:
        model = ConfigurationTemplate
        fields: list[str] = []
