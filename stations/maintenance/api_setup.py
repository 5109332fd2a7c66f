"""REST: partners, work calendars, service agreements, checklists."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView
from core.errors import InvalidInput
from stations.hardware.catalogue.models import HardwareModel
from stations.maintenance import checklists, selectors, setup_services
from stations.maintenance.escalation_models import Stage
from stations.maintenance.models import OrderKind
from stations.maintenance.partner_models import (
    Partner,
    Priority,
    ServiceAgreement,
    WorkCalendar,
)
from stations.maintenance.work_models import Checklist
from stations.sites.selectors import sites


class PartnerSerializer(serializers.ModelSerializer[Partner]):
    """A company that repairs or supplies; ``people``: the addresses of its technicians."""

    id = serializers.CharField(source="public_id")
    people = serializers.SerializerMethodField()

    class Meta:
        model = Partner
        fields = (
            "id", "name", "is_technician", "is_supplier", "email", "phone", "note", "is_active",
            "people",
        )  # fmt: skip

    def get_people(self, partner: Partner) -> list[str]:
        """Members with the role of a partner's technician."""
        return sorted(one.membership.user.email for one in partner.people.all())


class PartnerWriteSerializer(Input):
    """What may be written of a partner."""

    name = serializers.CharField(max_length=120)
    is_technician = serializers.BooleanField(required=False)
    is_supplier = serializers.BooleanField(required=False)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=40)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)
    is_active = serializers.BooleanField(required=False)
    people = serializers.ListField(
        child=serializers.EmailField(max_length=254), required=False, max_length=500
    )


class WorkCalendarSerializer(serializers.ModelSerializer[WorkCalendar]):
    """When people work; ``hours`` as the opening hours of sites."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = WorkCalendar
        fields = ("id", "name", "time_zone", "country_code", "hours")


class WorkCalendarWriteSerializer(Input):
    """What may be written of a calendar."""

    name = serializers.CharField(max_length=80)
    time_zone = serializers.CharField(max_length=64, required=False)
    country_code = serializers.RegexField(r"^([A-Z]{2})?$", required=False, allow_blank=True)
    hours = serializers.DictField()


class AgreementTimeSerializer(Input):
    """What is promised for a priority, in minutes; both null: nothing."""

    priority = serializers.ChoiceField(choices=Priority.choices)
    respond_min = serializers.IntegerField(min_value=1, max_value=525_600, allow_null=True)
    restore_min = serializers.IntegerField(min_value=1, max_value=525_600, allow_null=True)
    is_always = serializers.BooleanField(required=False, default=False)


class ChainSerializer(Input):
    """Who is told at which percent of the time; the address of a member names the member."""

    stage = serializers.ChoiceField(choices=Stage.choices)
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class AgreementSerializer(serializers.ModelSerializer[ServiceAgreement]):
    """What is promised, where, by whom, and who hears when it is not kept."""

    id = serializers.CharField(source="public_id")
    partner = serializers.CharField(source="partner.public_id", allow_null=True, default=None)
    calendar = serializers.CharField(source="calendar.public_id")
    sites = serializers.SerializerMethodField()
    times = AgreementTimeSerializer(many=True)
    contacts = serializers.SerializerMethodField()

    class Meta:
        model = ServiceAgreement
        fields = (
            "id", "name", "partner", "calendar", "area", "sites", "valid_from_on",
            "valid_until_on", "monthly_price", "visit_price", "hour_price", "currency", "times",
            "contacts",
        )  # fmt: skip

    def get_sites(self, agreement: ServiceAgreement) -> list[str]:
        """Public ids; with neither sites nor an area it covers all."""
        return [place.site.public_id for place in agreement.places.all()]

    @extend_schema_field(ChainSerializer(many=True))
    def get_contacts(self, agreement: ServiceAgreement) -> list[dict[str, Any]]:
        """The chain in order."""
        return [
            {
                "stage": one.stage,
                "email": one.membership.user.email if one.membership else one.email,
                "name": str(one),
            }
            for one in agreement.contacts.all()
        ]


class AgreementWriteSerializer(Input):
    """What may be written of an agreement; lists replace what was there."""

    name = serializers.CharField(max_length=120)
    partner = serializers.CharField(max_length=24, required=False, allow_null=True)
    calendar = serializers.CharField(max_length=24)
    area = serializers.CharField(max_length=200, required=False, allow_blank=True)
    sites = serializers.ListField(
        child=serializers.CharField(max_length=24), required=False, max_length=500
    )
    valid_from_on = serializers.DateField()
    valid_until_on = serializers.DateField(required=False, allow_null=True)
    monthly_price = serializers.DecimalField(12, 2, min_value=0, required=False, allow_null=True)
    visit_price = serializers.DecimalField(12, 2, min_value=0, required=False, allow_null=True)
    hour_price = serializers.DecimalField(12, 2, min_value=0, required=False, allow_null=True)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    times = AgreementTimeSerializer(many=True)
    contacts = ChainSerializer(many=True, required=False)


class ChecklistSerializer(serializers.ModelSerializer[Checklist]):
    """Points to check; one that begins with an asterisk must be done before the repair is."""

    id = serializers.CharField(source="public_id")
    model = serializers.CharField(source="hardware_model.public_id", allow_null=True, default=None)
    points = serializers.ListField(source="items", child=serializers.CharField())

    class Meta:
        model = Checklist
        fields = ("id", "name", "kind", "model", "points")


class ChecklistWriteSerializer(Input):
    """What may be written of a checklist."""

    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=OrderKind.choices, required=False, allow_blank=True)
    model = serializers.CharField(max_length=24, required=False, allow_null=True)
    points = serializers.ListField(
        child=serializers.CharField(max_length=200), min_length=1, max_length=60
    )


def _one(rows: QuerySet[Any], ref: str, field: str) -> Any:
    found = rows.filter(public_id=ref).first()
    if found is None:
        raise InvalidInput(field, _("There is nothing with this id."), field=field)
    return found


def _agreement_values(given: dict[str, Any]) -> dict[str, Any]:
    if given.get("partner") is not None:
        given["partner"] = _one(selectors.partners(), given["partner"], "partner")
    if "calendar" in given:
        given["calendar"] = _one(selectors.calendars(), given["calendar"], "calendar")
    if "sites" in given:
        given["sites"] = [_one(sites(), ref, "sites") for ref in sorted(set(given["sites"]))]
    if "times" in given:
        given["times"] = {one.pop("priority"): one for one in map(dict, given["times"])}
    if "contacts" in given:
        given["contacts"] = [(one["stage"], one["email"], one["name"]) for one in given["contacts"]]
    return given


def _checklist_values(given: dict[str, Any]) -> dict[str, Any]:
    if "model" in given:
        ref = given.pop("model")
        model = None if ref is None else _one(HardwareModel.objects.all(), ref, "model")
        given["hardware_model"] = model
    if "points" in given:
        given["items"] = given.pop("points")
    return given


class _SetUp:
    """What the lists and details of one kind share."""

    read_permission = Permission.AGREEMENT_EDIT
    write_permission = Permission.AGREEMENT_EDIT
    body: ClassVar[type[Input]]

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def store(self, request: Request, row: Any, values: dict[str, Any]) -> Any:
        raise NotImplementedError

    def written(self, request: Request, row: Any) -> Any:
        given = self.body(data=request.data, partial=row is not None)
        given.is_valid(raise_exception=True)
        made = self.store(request, row, {**given.validated_data})
        view: Any = self
        return view.get_serializer_class()(self.rows().get(pk=made.pk)).data


class _Partners(_SetUp):
    body = PartnerWriteSerializer

    def rows(self) -> QuerySet[Partner]:
        return selectors.partners().prefetch_related("people__membership__user")

    def store(self, request: Request, row: Any, values: dict[str, Any]) -> Partner:
        if "people" in values:
            known = {one.user.email.lower(): one for one in selectors.partner_people()}
            if unknown := [one for one in values["people"] if one.lower() not in known]:
                text = _("There is no technician of a partner with the address %(email)s.")
                raise InvalidInput("people", text % {"email": unknown[0]}, field="people")
            values["people"] = [known[one.lower()] for one in values["people"]]
        return setup_services.save_partner(operator=operator_of(request), partner=row, **values)


class _Calendars(_SetUp):
    body = WorkCalendarWriteSerializer

    def rows(self) -> QuerySet[WorkCalendar]:
        return selectors.calendars()

    def store(self, request: Request, row: Any, values: dict[str, Any]) -> WorkCalendar:
        return setup_services.save_calendar(operator=operator_of(request), calendar=row, **values)


class _Agreements(_SetUp):
    body = AgreementWriteSerializer

    def rows(self) -> QuerySet[ServiceAgreement]:
        return selectors.agreements()

    def store(self, request: Request, row: Any, values: dict[str, Any]) -> ServiceAgreement:
        found = _agreement_values(values)
        return setup_services.save_agreement(operator=operator_of(request), agreement=row, **found)


class _Checklists(_SetUp):
    body = ChecklistWriteSerializer

    def rows(self) -> QuerySet[Checklist]:
        return selectors.all_checklists()

    def store(self, request: Request, row: Any, values: dict[str, Any]) -> Checklist:
        found = _checklist_values(values)
        found.setdefault("items", list(row.items) if row else [])
        return checklists.save_checklist(operator=operator_of(request), checklist=row, **found)


class PartnerList(_Partners, ListView):
    """All partners; POST makes one."""

    serializer_class = PartnerSerializer

    @extend_schema(request=PartnerWriteSerializer, responses={201: PartnerSerializer})
    def post(self, request: Request) -> Response:
        """A new partner."""
        return Response(self.written(request, None), status=201)


class PartnerDetail(_Partners, DetailView):
    """One partner; PATCH changes it."""

    serializer_class = PartnerSerializer

    def get_object(self) -> Partner:
        """The operator's own, or 404."""
        return get_object_or_404(self.rows(), public_id=self.kwargs["ref"])

    @extend_schema(request=PartnerWriteSerializer, responses=PartnerSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """What is not given stays."""
        return Response(self.written(request, self.get_object()))


class WorkCalendarList(_Calendars, ListView):
    """All work calendars; POST makes one."""

    serializer_class = WorkCalendarSerializer

    @extend_schema(request=WorkCalendarWriteSerializer, responses={201: WorkCalendarSerializer})
    def post(self, request: Request) -> Response:
        """A new calendar."""
        return Response(self.written(request, None), status=201)


class WorkCalendarDetail(_Calendars, DetailView):
    """One work calendar; PATCH changes it."""

    serializer_class = WorkCalendarSerializer

    def get_object(self) -> WorkCalendar:
        """The operator's own, or 404."""
        return get_object_or_404(self.rows(), public_id=self.kwargs["ref"])

    @extend_schema(request=WorkCalendarWriteSerializer, responses=WorkCalendarSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """What is not given stays."""
        return Response(self.written(request, self.get_object()))


class AgreementList(_Agreements, ListView):
    """All service agreements; POST makes one."""

    serializer_class = AgreementSerializer

    @extend_schema(request=AgreementWriteSerializer, responses={201: AgreementSerializer})
    def post(self, request: Request) -> Response:
        """A new agreement."""
        return Response(self.written(request, None), status=201)


class AgreementDetail(_Agreements, DetailView):
    """One service agreement; PATCH changes it."""

    serializer_class = AgreementSerializer

    def get_object(self) -> ServiceAgreement:
        """The operator's own, or 404."""
        return get_object_or_404(self.rows(), public_id=self.kwargs["ref"])

    @extend_schema(request=AgreementWriteSerializer, responses=AgreementSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """What is not given stays; open orders keep what they were promised."""
        return Response(self.written(request, self.get_object()))


class ChecklistList(_Checklists, ListView):
    """All checklists; POST makes one."""

    serializer_class = ChecklistSerializer

    @extend_schema(request=ChecklistWriteSerializer, responses={201: ChecklistSerializer})
    def post(self, request: Request) -> Response:
        """A new checklist."""
        return Response(self.written(request, None), status=201)


class ChecklistDetail(_Checklists, DetailView):
    """One checklist; PATCH changes it."""

    serializer_class = ChecklistSerializer

    def get_object(self) -> Checklist:
        """The operator's own, or 404."""
        return get_object_or_404(self.rows(), public_id=self.kwargs["ref"])

    @extend_schema(request=ChecklistWriteSerializer, responses=ChecklistSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """What is not given stays; orders keep their points."""
        return Response(self.written(request, self.get_object()))


urls = [
    address("partners", PartnerList, "partners"),
    address("partners/{ref}", PartnerDetail, "partner"),
    address("work-calendars", WorkCalendarList, "work_calendars"),
    address("work-calendars/{ref}", WorkCalendarDetail, "work_calendar"),
    address("service-agreements", AgreementList, "service_agreements"),
    address("service-agreements/{ref}", AgreementDetail, "service_agreement"),
    address("checklists", ChecklistList, "checklists"),
    address("checklists/{ref}", ChecklistDetail, "checklist"),
]
