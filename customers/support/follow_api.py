"""REST: cases that an incident explains, and what their callers are told when it is over."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import may
from core.api.urls import address
from core.api.views import DetailView, ListView
from core.errors import InvalidInput
from customers.support import following
from customers.support.follow_models import CaseIncident
from customers.support.models import SupportCase
from customers.support.selectors import cases
from stations.incidents.models import Incident
from stations.incidents.selectors import incidents


class CaseIncidentSerializer(serializers.ModelSerializer[CaseIncident]):
    """A case with its incident: what its caller is told, and whether that has been done.
    ``address`` and ``error``, which may name the address, are empty for callers who may not see
    drivers."""

    case = serializers.CharField(source="case.public_id")
    incident = serializers.CharField(source="incident.public_id")
    linked_by = serializers.CharField(source="linked_by_label")
    address = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()

    class Meta:
        model = CaseIncident
        fields = (
            "case", "incident", "state", "address", "language", "text", "linked_at", "linked_by",
            "told_at", "error",
        )  # fmt: skip

    def get_address(self, link: CaseIncident) -> str:
        """Where the caller is told."""
        return link.address if self._sees_drivers() else ""

    def get_error(self, link: CaseIncident) -> str:
        """What the mail server said."""
        return link.error if self._sees_drivers() else ""

    def _sees_drivers(self) -> bool:
        request = self.context.get("request")
        return request is not None and may(request, Permission.DRIVER_VIEW)


class ToldWriteSerializer(Input):
    """What the caller is told, where and in which language; without them as usual: the driver's
    address and language, and the usual text. An empty address: in the case's log alone."""

    text = serializers.CharField(max_length=4000, required=False)
    address = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)


class CaseIncidentWriteSerializer(ToldWriteSerializer):
    """The incident that explains a case."""

    incident = serializers.CharField(max_length=24)


class AffectedWriteSerializer(Input):
    """Cases to link to an incident, with the text in each language (usual where left out)."""

    cases = serializers.ListField(
        child=serializers.CharField(max_length=24), allow_empty=False, max_length=following.MOST
    )
    text_sv = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    text_en = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


def _case(ref: str) -> SupportCase:
    case: SupportCase = get_object_or_404(cases(), public_id=ref)
    return case


def _incident(ref: str) -> Incident:
    found: Incident = get_object_or_404(incidents(), public_id=ref)
    return found


class CaseIncidents(ListView):
    """Incidents that explain a case; POST links one."""

    read_permission = Permission.CASE_VIEW
    write_permission = Permission.CASE_WORK
    serializer_class = CaseIncidentSerializer

    def rows(self) -> QuerySet[CaseIncident]:
        """Links of the case."""
        return following.links_of(_case(self.kwargs["ref"]))

    @extend_schema(request=CaseIncidentWriteSerializer, responses={201: CaseIncidentSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Link an incident that goes on; 409 when it is over or linked already."""
        case = _case(ref)
        given = CaseIncidentWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        incident = incidents().filter(public_id=values.pop("incident")).first()
        if incident is None:
            raise InvalidInput(
                "incident", _("There is no incident with this id."), field="incident"
            )
        link = following.follow_incident(case=case, incident=incident, **values)
        return Response(CaseIncidentSerializer(link, context={"request": request}).data, status=201)


class CaseIncidentDetail(DetailView):
    """One link; PATCH changes what is told, DELETE takes it back."""

    read_permission = Permission.CASE_VIEW
    write_permission = Permission.CASE_WORK
    serializer_class = CaseIncidentSerializer

    def get_object(self) -> CaseIncident:
        """The link of the case to the incident, or 404."""
        link = following.link_of(_case(self.kwargs["ref"]), self.kwargs["uid"])
        if link is None:
            raise Http404
        return link

    @extend_schema(request=ToldWriteSerializer, responses=CaseIncidentSerializer)
    def patch(self, request: Request, ref: str, uid: str) -> Response:
        """Change what is told; 409 once it has been."""
        link = self.get_object()
        given = ToldWriteSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        changed = following.change_follow(link=link, **given.validated_data)
        return Response(CaseIncidentSerializer(changed, context={"request": request}).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, ref: str, uid: str) -> Response:
        """Take it back; 409 once the caller has been told."""
        following.drop_follow(link=self.get_object())
        return Response(status=204)


class IncidentCases(ListView):
    """Cases that an incident explains; POST links several."""

    read_permission = Permission.CASE_VIEW
    write_permission = Permission.CASE_WORK
    serializer_class = CaseIncidentSerializer

    def rows(self) -> QuerySet[CaseIncident]:
        """Links of the incident."""
        return following.cases_of(_incident(self.kwargs["ref"]))

    @extend_schema(
        request=AffectedWriteSerializer, responses={201: CaseIncidentSerializer(many=True)}
    )
    def post(self, request: Request, ref: str) -> Response:
        """Link several cases; those that are linked already are left as they are."""
        incident = _incident(ref)
        given = AffectedWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        wanted = set(values["cases"])
        rows = list(cases().filter(public_id__in=wanted).order_by("pk"))
        if len(rows) != len(wanted):
            raise InvalidInput("case", _("There is no such case."), field="cases")
        texts = {"sv": values["text_sv"], "en": values["text_en"]}
        made = following.follow_many(incident=incident, cases=rows, texts=texts)
        told = CaseIncidentSerializer(made, many=True, context={"request": request})
        return Response(told.data, status=201)


urls = [
    address("cases/{ref}/incidents", CaseIncidents, "case_incidents"),
    address("cases/{ref}/incidents/{uid}", CaseIncidentDetail, "case_incident"),
    address("incidents/{ref}/cases", IncidentCases, "incident_cases"),
]
