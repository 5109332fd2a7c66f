"""REST: templates, what stations should be set to, drift, applying, history of values."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from stations.commands.serializers import BatchSerializer
from stations.configuration import selectors, services
from stations.configuration.api_filters import ChangeApiFilter, DesiredApiFilter, DriftApiFilter
from stations.configuration.apply import Wish, apply_to_many
from stations.configuration.filters import TemplateFilter
from stations.configuration.models import ConfigurationTemplate, DesiredValue
from stations.configuration.serializers import (
    ApplySerializer,
    DesiredSerializer,
    OwnValueSerializer,
    TemplateSerializer,
    TemplateWriteSerializer,
    ValueChangeSerializer,
)
from stations.hardware.journal_models import ValueChange
from stations.hardware.keys import folded
from stations.hardware.models import Station
from stations.hardware.selectors import station_or_404, stations_named
from stations.ocpp.api_commands import batch_as_shown
from stations.sites.models import Site


def _templates() -> QuerySet[ConfigurationTemplate]:
    return selectors.templates().prefetch_related("values", "targets__site", "targets__station")


def _given(request: Request, *, partial: bool) -> dict[str, Any]:
    """The fields of a template as the service takes them."""
    given = TemplateWriteSerializer(data=request.data, partial=partial)
    given.is_valid(raise_exception=True)
    values: dict[str, Any] = dict(given.validated_data)
    if "values" in values:
        values["values"] = [(row["key"], row["value"]) for row in values["values"]]
    if "stations" in values:
        values["stations"] = stations_named(values["stations"])
    if "sites" in values:
        values["sites"] = _sites(values["sites"])
    return values


def _sites(refs: list[str]) -> list[Site]:
    found = list(Site.objects.filter(public_id__in=refs))
    missing = set(refs) - {site.public_id for site in found}
    if missing:
        raise InvalidInput(
            "unknown_site", "There is no site " + ", ".join(sorted(missing)), field="sites"
        )
    return found


class TemplateList(ListView):
    """Configuration templates, the strongest first; POST makes one."""

    read_permission = Permission.TEMPLATE_VIEW
    write_permission = Permission.TEMPLATE_EDIT
    serializer_class = TemplateSerializer
    filterset_class = TemplateFilter

    def rows(self) -> QuerySet[ConfigurationTemplate]:
        """Templates of the caller's operator."""
        return _templates()

    @extend_schema(request=TemplateWriteSerializer, responses={201: TemplateSerializer})
    def post(self, request: Request) -> Response:
        """Make a template; stations that it fits are compared with it at once."""
        made = services.put_template(
            operator=operator_of(request), **_given(request, partial=False)
        )
        return Response(TemplateSerializer(_templates().get(pk=made.pk)).data, status=201)


class TemplateDetail(DetailView):
    """One configuration template; PATCH changes it, DELETE removes it."""

    read_permission = Permission.TEMPLATE_VIEW
    write_permission = Permission.TEMPLATE_EDIT
    serializer_class = TemplateSerializer

    def get_object(self) -> ConfigurationTemplate:
        """The template, or 404."""
        return get_object_or_404(_templates(), pk=int(self.kwargs["number"]))

    @extend_schema(request=TemplateWriteSerializer, responses=TemplateSerializer)
    def patch(self, request: Request, number: str) -> Response:
        """Change what is given; ``values``, ``sites`` and ``stations`` replace the old ones."""
        template = self.get_object()
        services.put_template(
            operator=operator_of(request), template=template, **_given(request, partial=True)
        )
        return Response(TemplateSerializer(self.get_object()).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: str) -> Response:
        """Remove it; stations keep their values."""
        services.delete_template(template=self.get_object())
        return Response(status=204)


class DriftList(ListView):
    """Values of stations that are not as desired, the latest first."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = DesiredSerializer
    filterset_class = DriftApiFilter

    def rows(self) -> QuerySet[DesiredValue]:
        """Drifts of the caller's stations."""
        return selectors.drifts()


class ApplyDesired(ScopedView):
    """POST sets what differs on chosen stations."""

    write_permission = Permission.COMMAND_DANGEROUS

    @extend_schema(request=ApplySerializer, responses={202: BatchSerializer})
    def post(self, request: Request) -> Response:
        """Set what differs, or chosen ``keys``, or what one ``template`` says; read it back."""
        given = ApplySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        stations = stations_named(values["stations"])
        keys = frozenset(folded(key) for key in values.get("keys", ()))
        wish = Wish(
            reason=values["reason"],
            chosen={station.pk: keys for station in stations} if keys else None,
            template_ids=[values["template"]] if "template" in values else None,
            queue_if_offline=values["queue_if_offline"],
        )
        batch = apply_to_many(stations, wish)
        return Response(BatchSerializer(batch_as_shown(batch)).data, status=202)


class DesiredValues(ListView):
    """What a station should be set to, with explanation; POST sets a value of its own."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = DesiredSerializer
    filterset_class = DesiredApiFilter

    def rows(self) -> QuerySet[DesiredValue]:
        """Desired values of the station."""
        return selectors.desired_values(self._station()).select_related("station")

    def _station(self) -> Station:
        return station_or_404(self.kwargs["ref"])

    @extend_schema(request=OwnValueSerializer, responses=DesiredSerializer(many=True))
    def post(self, request: Request, ref: str) -> Response:
        """Desire a value of this station alone, or with null give it up again."""
        station = self._station()
        given = OwnValueSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        key, value, reason = (given.validated_data[n] for n in ("key", "value", "reason"))
        if value is None:
            services.remove_override(station=station, key=key, reason=reason)
        else:
            services.put_override(station=station, key=key, value=value, reason=reason)
        return Response(DesiredSerializer(self.rows(), many=True).data)


class ValueHistory(ListView):
    """The values that a station's keys took, newest first."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = ValueChangeSerializer
    filterset_class = ChangeApiFilter

    def rows(self) -> QuerySet[ValueChange]:
        """Changes of the station."""
        return selectors.changes(station_or_404(self.kwargs["ref"]))


urls = [
    address("configuration-templates", TemplateList, "configuration_templates"),
    address("configuration-templates/{number}", TemplateDetail, "configuration_template"),
    address("configuration-drift", DriftList, "configuration_drift"),
    address("configuration-drift/apply", ApplyDesired, "configuration_apply"),
    address("stations/{ref}/desired-configuration", DesiredValues, "desired_configuration"),
    address("stations/{ref}/configuration-history", ValueHistory, "configuration_history"),
]
