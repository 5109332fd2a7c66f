"""REST: sites."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.fields import ObjectField, ReasonSerializer
from core.api.inputs import Strict
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from stations.sites import services
from stations.sites.filters import SiteFilter
from stations.sites.hours import as_ocpi, open_at
from stations.sites.models import Site
from stations.sites.selectors import holidays_ahead, hours_of, sites

_WRITABLE = (
    "name",
    "address",
    "postal_code",
    "city",
    "country_code",
    "latitude",
    "longitude",
    "time_zone",
    "power_limit_w",
    "allow_profile_0",
    "commissioned_on",
    "directions",
    "place_class",
    "public_access",
    "access_reason",
    "guest_charging",
    "access_type",
    "parking_type",
    "opening_hours",
    "operator_phone",
    "operator_email",
    "owner_name",
    "owner_phone",
    "owner_email",
    "host_name",
    "host_contact",
    "accessibility",
    "accessibility_note",
    "accessible_spaces",
    "is_renewable",
    "renewable_note",
)


class PeriodSerializer(serializers.Serializer[Any]):
    """Hours of one day, HH:MM in the site's zone; an end of 24:00 is midnight."""

    period_begin = serializers.CharField()
    period_end = serializers.CharField()


class RegularHoursSerializer(PeriodSerializer):
    """Hours of a weekday, 1 (Monday) to 7."""

    weekday = serializers.IntegerField(min_value=1, max_value=7)


class ExceptionSerializer(serializers.Serializer[Any]):
    """A date that differs; without periods it is closed."""

    on = serializers.DateField()
    periods = PeriodSerializer(many=True, required=False)
    note = serializers.CharField(max_length=100, required=False, allow_blank=True)


class OpeningHoursSerializer(serializers.Serializer[Any]):
    """Weekly hours and the dates that differ."""

    twentyfourseven = serializers.BooleanField(required=False, default=False)
    regular_hours = RegularHoursSerializer(many=True, required=False)
    exceptions = ExceptionSerializer(many=True, required=False)
    public_holidays = PeriodSerializer(
        many=True,
        required=False,
        allow_null=True,
        help_text="Hours of the country's public holidays, none: closed; without: as the weekday",
    )

    def to_representation(self, instance: Any) -> Any:
        """As stored."""
        return instance


class SiteSerializer(serializers.ModelSerializer[Site]):
    """A site as it is."""

    id = serializers.CharField(source="public_id")
    station_count = serializers.IntegerField(read_only=True, default=0)
    opening_hours = OpeningHoursSerializer(allow_null=True)
    opening_times = serializers.SerializerMethodField(
        help_text="The same as OCPI 2.2.1 Hours; null where they are not stated"
    )
    public_holidays = serializers.SerializerMethodField(
        help_text="Dates of the country's public holidays in the year ahead, with their hours; "
        "none where hours are not stated"
    )
    is_open = serializers.SerializerMethodField(
        help_text="Now, in the site's zone; null where hours are not stated"
    )

    class Meta:
        model = Site
        fields = (
            "id",
            *_WRITABLE,
            "opening_times",
            "public_holidays",
            "is_open",
            "retired_on",
            "station_count",
            "created_at",
        )

    @extend_schema_field(ObjectField(allow_null=True))
    def get_opening_times(self, site: Site) -> dict[str, Any] | None:
        """Hours in OCPI's form."""
        hours = hours_of(site)
        zone = ZoneInfo(site.time_zone)
        return None if hours is None else as_ocpi(hours, zone, holidays_ahead(site))

    @extend_schema_field(ExceptionSerializer(many=True))
    def get_public_holidays(self, site: Site) -> list[dict[str, Any]]:
        """Each with its name; a date of the exceptions has the hours of its exception."""
        hours = hours_of(site)
        public = holidays_ahead(site) if hours else {}
        return [
            {
                "on": on.isoformat(),
                "periods": [span.as_dict() for span in hours.spans_on(on, public)],
                "note": name,
            }
            for on, name in public.items()
            if hours
        ]

    def get_is_open(self, site: Site) -> bool | None:
        """Whether the site is open now."""
        hours = hours_of(site)
        if hours is None:
            return None
        public = holidays_ahead(site)
        return open_at(hours, timezone.now(), ZoneInfo(site.time_zone), public)


class SiteWriteSerializer(Strict, serializers.ModelSerializer[Site]):
    """What may be written of a site."""

    reason = serializers.CharField(max_length=500, required=False, write_only=True)
    opening_hours = ObjectField(required=False, allow_null=True)

    class Meta:
        model = Site
        fields = (*_WRITABLE, "reason")


class SiteList(ListView):
    """All sites; POST creates one."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = SiteSerializer
    filterset_class = SiteFilter

    def rows(self) -> QuerySet[Site]:
        """Sites of the caller's operator."""
        return sites()

    @extend_schema(request=SiteWriteSerializer, responses={201: SiteSerializer})
    def post(self, request: Request) -> Response:
        """Create a site."""
        given = SiteWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        values.pop("reason", None)
        site = services.create_site(operator=operator_of(request), **values)
        return Response(SiteSerializer(site).data, status=201)


class SiteDetail(DetailView):
    """One site; PATCH changes it."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = SiteSerializer

    def get_object(self) -> Site:
        """The caller's own site, or 404."""
        return get_object_or_404(sites(), public_id=self.kwargs["ref"])

    @extend_schema(request=SiteWriteSerializer, responses=SiteSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a site."""
        site = self.get_object()
        given = SiteWriteSerializer(site, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        return Response(
            SiteSerializer(services.change_site(site=site, **given.validated_data)).data
        )


class SiteRetirement(ScopedView):
    """POST retires a site."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=ReasonSerializer, responses=SiteSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Retire a site; 409 while stations are in use there."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        site = get_object_or_404(sites(), public_id=ref)
        site = services.retire_site(site=site, **given.validated_data)
        return Response(SiteSerializer(site).data)


class SiteReinstatement(ScopedView):
    """POST takes a retired site back into use."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=ReasonSerializer, responses=SiteSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Take a site back into use; 409 while it is in use."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        site = get_object_or_404(sites(), public_id=ref)
        site = services.reinstate_site(site=site, **given.validated_data)
        return Response(SiteSerializer(site).data)


urls = [
    address("sites", SiteList, "sites"),
    address("sites/{ref}", SiteDetail, "site"),
    address("sites/{ref}/retire", SiteRetirement, "site_retire"),
    address("sites/{ref}/reinstate", SiteReinstatement, "site_reinstate"),
]
