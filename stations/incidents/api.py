"""REST: incidents, and what people do with them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import User
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from stations.hardware.models import Evse, Station
from stations.incidents import opening, selectors, services
from stations.incidents.choices import Severity
from stations.incidents.lists import IncidentFilter
from stations.incidents.models import Incident, IncidentEvent
from stations.incidents.words import explained
from stations.sites.selectors import sites


class IncidentEventSerializer(serializers.ModelSerializer[IncidentEvent]):
    """One line of the timeline; ``ref`` names the row that it is about."""

    by = serializers.CharField(source="actor_label")

    class Meta:
        model = IncidentEvent
        fields = ("at", "kind", "by", "text", "facts", "ref")


class IncidentSerializer(serializers.ModelSerializer[Incident]):
    """Something that is wrong: where, since when, who has it, how it ended."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="site.public_id")
    station = serializers.CharField(source="station.public_id", allow_null=True, default=None)
    evse_number = serializers.IntegerField(source="evse.number", allow_null=True, default=None)
    owner = serializers.CharField(source="owner.email", allow_null=True, default=None)
    explanation = serializers.SerializerMethodField()

    class Meta:
        model = Incident
        fields = (
            "id", "kind", "severity", "state", "site", "station", "evse_number", "error_code",
            "explanation", "facts", "first_symptom_at", "detected_at", "acknowledged_at",
            "snoozed_until_at", "restored_at", "resolved_at", "resolution", "proven_at",
            "occurrences", "reopened", "owner",
        )  # fmt: skip

    def get_explanation(self, incident: Incident) -> str:
        """What it was opened for, in words."""
        return explained(incident)


class IncidentDetailSerializer(IncidentSerializer):
    """With its timeline and what it belongs to."""

    part_of = serializers.CharField(source="parent.public_id", allow_null=True, default=None)
    merged_into = serializers.CharField(
        source="merged_into.public_id", allow_null=True, default=None
    )
    timeline = IncidentEventSerializer(source="events", many=True)

    class Meta(IncidentSerializer.Meta):
        fields = (  # type: ignore[assignment]  # three more
            *IncidentSerializer.Meta.fields, "part_of", "merged_into", "timeline",
        )  # fmt: skip


class IncidentReportSerializer(Input):
    """A new incident; without a station it is about the whole site."""

    site = serializers.CharField(max_length=24)
    station = serializers.CharField(max_length=24, required=False)
    evse_number = serializers.IntegerField(min_value=1, required=False)
    summary = serializers.CharField(max_length=300)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    symptom_at = serializers.DateTimeField(required=False)


class IncidentNoteSerializer(Input):
    """A line for the timeline."""

    text = serializers.CharField(max_length=500)


class IncidentOwnerSerializer(Input):
    """E-mail address of the member who has it; null: nobody."""

    owner = serializers.EmailField(allow_null=True)


class IncidentSnoozeSerializer(Input):
    """Until when it may rest, and why."""

    until = serializers.DateTimeField()
    reason = serializers.CharField(max_length=500)


class IncidentResolveSerializer(Input):
    """Why it is over, and since when."""

    reason = serializers.CharField(max_length=500)
    restored_at = serializers.DateTimeField(required=False)


class IncidentMergeSerializer(Input):
    """The incident that it is the same as."""

    into = serializers.CharField(max_length=24)
    reason = serializers.CharField(max_length=500)


class IncidentLinkSerializer(Input):
    """The incident that it is part of; null: it stands alone."""

    part_of = serializers.CharField(max_length=24, allow_null=True)


def _incident(ref: str) -> Incident:
    found: Incident = get_object_or_404(selectors.incidents(), public_id=ref)
    return found


def _other(ref: str, field: str) -> Incident:
    found = selectors.incidents().filter(public_id=ref).first()
    if found is None:
        raise InvalidInput("incident", _("There is no incident with this id."), field=field)
    return found


class IncidentList(ListView):
    """Incidents; POST reports one by hand."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.INCIDENT_WORK
    serializer_class = IncidentSerializer
    filterset_class = IncidentFilter

    def rows(self) -> QuerySet[Incident]:
        """Incidents of the sites that the caller may see."""
        return selectors.incidents()

    @extend_schema(request=IncidentReportSerializer, responses={201: IncidentSerializer})
    def post(self, request: Request) -> Response:
        """Open one that no rule finds."""
        given = IncidentReportSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = opening.report(**_placed({**given.validated_data}))
        return Response(IncidentSerializer(made).data, status=201)


def _placed(values: dict[str, Any]) -> dict[str, Any]:
    """The values with the rows that ids and numbers name."""
    site = sites().filter(public_id=values["site"]).first()
    if site is None:
        raise InvalidInput("site", _("There is no site with this id."), field="site")
    ref, number = values.pop("station", ""), values.pop("evse_number", None)
    station = Station.objects.filter(public_id=ref, site=site).first() if ref else None
    if ref and station is None:
        raise InvalidInput("station", _("There is no such station at this site."), field="station")
    if number and station is None:
        raise InvalidInput("station", _("Name its station too."), field="station")
    evse = Evse.objects.filter(station=station, number=number).first() if number else None
    if number and evse is None:
        raise InvalidInput("evse", _("The station has no such EVSE."), field="evse_number")
    return values | {"site": site, "station": station, "evse": evse}


class IncidentDetail(DetailView):
    """One incident with its timeline."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = IncidentDetailSerializer

    def get_object(self) -> Incident:
        """The caller's own, or 404."""
        rows = selectors.incidents().select_related("parent", "merged_into")
        found: Incident = get_object_or_404(rows, public_id=self.kwargs["ref"])
        return found


class _Work(ScopedView):
    write_permission = Permission.INCIDENT_WORK


class IncidentAcknowledge(_Work):
    """Acknowledging."""

    @extend_schema(request=None, responses=IncidentSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Somebody has seen it; 409 when it is not open."""
        return Response(IncidentSerializer(services.acknowledge(incident=_incident(ref))).data)


class IncidentWake(_Work):
    """Ending a snooze."""

    @extend_schema(request=None, responses=IncidentSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """It rests no more; 409 when it did not."""
        return Response(IncidentSerializer(services.wake(incident=_incident(ref))).data)


class IncidentAssign(_Work):
    """Giving it to a member."""

    @extend_schema(request=IncidentOwnerSerializer, responses=IncidentSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Whoever has it; 422 for somebody who is no member that works on incidents."""
        incident = _incident(ref)
        email = _given(IncidentOwnerSerializer, request)["owner"]
        owner: User | None = selectors.owners().filter(email__iexact=email or "").first()
        if email and owner is None:
            raise InvalidInput("not_a_member", _("This person is not a member."), field="owner")
        done = services.assign(incident=incident, owner=owner)
        return Response(IncidentSerializer(done).data)


class IncidentSnooze(_Work):
    """Letting it rest."""

    @extend_schema(request=IncidentSnoozeSerializer, responses=IncidentSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Until a time, at most two weeks ahead."""
        done = services.snooze(incident=_incident(ref), **_given(IncidentSnoozeSerializer, request))
        return Response(IncidentSerializer(done).data)


class IncidentResolve(_Work):
    """Ending it by hand."""

    @extend_schema(request=IncidentResolveSerializer, responses=IncidentSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """It is over; 409 when it was already."""
        done = services.resolve(
            incident=_incident(ref), **_given(IncidentResolveSerializer, request)
        )
        return Response(IncidentSerializer(done).data)


class IncidentMerge(_Work):
    """Merging it into another."""

    @extend_schema(request=IncidentMergeSerializer, responses=IncidentSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Answers with the incident that goes on."""
        incident = _incident(ref)
        values = _given(IncidentMergeSerializer, request)
        into = _other(values["into"], "into")
        done = services.merge(incident=incident, into=into, reason=values["reason"])
        return Response(IncidentSerializer(done).data)


class IncidentLink(_Work):
    """Making it part of another."""

    @extend_schema(request=IncidentLinkSerializer, responses=IncidentSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Groups have one level."""
        incident = _incident(ref)
        named = _given(IncidentLinkSerializer, request)["part_of"]
        parent = _other(named, "part_of") if named else None
        done = services.link(incident=incident, parent=parent)
        return Response(IncidentSerializer(done).data)


class IncidentNotes(_Work):
    """Writing into the timeline."""

    @extend_schema(request=IncidentNoteSerializer, responses={204: None})
    def post(self, request: Request, ref: str) -> Response:
        """One line."""
        services.note(incident=_incident(ref), **_given(IncidentNoteSerializer, request))
        return Response(status=204)


def _given(kind: type[Input], request: Request) -> dict[str, Any]:
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


_ONE = "incidents/{ref}"
urls = [
    address("incidents", IncidentList, "incidents"),
    address(_ONE, IncidentDetail, "incident"),
    address(f"{_ONE}/acknowledge", IncidentAcknowledge, "incident_acknowledge"),
    address(f"{_ONE}/wake", IncidentWake, "incident_wake"),
    address(f"{_ONE}/assign", IncidentAssign, "incident_assign"),
    address(f"{_ONE}/snooze", IncidentSnooze, "incident_snooze"),
    address(f"{_ONE}/resolve", IncidentResolve, "incident_resolve"),
    address(f"{_ONE}/merge", IncidentMerge, "incident_merge"),
    address(f"{_ONE}/link", IncidentLink, "incident_link"),
    address(f"{_ONE}/notes", IncidentNotes, "incident_notes"),
]
