"""REST: schedules and what they sent. They run as a person, so persons make them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import Membership
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from core.schedules import services
from core.schedules.filters import ScheduleFilter
from core.schedules.models import Delivery, Extension, Frequency, Schedule


class ScheduleSerializer(serializers.ModelSerializer[Schedule]):
    """A schedule; ``query`` is the filter as the list's address has it."""

    id = serializers.CharField(source="public_id")
    owner = serializers.CharField(source="owner.user.email")
    recipients = serializers.SerializerMethodField()

    class Meta:
        model = Schedule
        fields = (
            "id", "name", "state", "stopped_reason", "source", "item", "query", "extension",
            "frequency", "weekday", "month_day", "hour", "time_zone", "sends_empty",
            "next_due_at", "owner", "recipients", "created_at",
        )  # fmt: skip

    def get_recipients(self, schedule: Schedule) -> list[str]:
        """Addresses of the members who get it."""
        return [one.membership.user.email for one in schedule.recipients.all()]


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One due time and what came of it."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = Delivery
        fields = (
            "id", "due_at", "state", "attempts", "finished_at", "file_name", "row_count",
            "size_bytes", "sent_to", "left_out", "error",
        )  # fmt: skip


def _schedules() -> QuerySet[Schedule]:
    rows: QuerySet[Schedule] = Schedule.objects.select_related("owner__user")
    return rows.prefetch_related("recipients__membership__user").order_by("name", "id")


def _one(ref: str) -> Schedule:
    found = _schedules().filter(public_id=ref).first()
    if found is None:
        raise Http404
    return found


class ScheduleInput(Input):
    """A schedule of one's own. ``query`` is the filter as the list's or report's address has it,
    ``recipients`` are addresses of members; in a change, what is not given stays."""

    name = serializers.CharField(max_length=100)
    source = serializers.CharField(max_length=20, default="list", help_text="list or report")  # type: ignore[assignment]  # also an attribute of fields
    item = serializers.CharField(max_length=60, help_text="Name of the list or report")
    query = serializers.CharField(allow_blank=True, default="", max_length=4000)
    extension = serializers.ChoiceField(choices=Extension.choices, default=Extension.XLSX)
    frequency = serializers.ChoiceField(choices=Frequency.choices, default=Frequency.WEEKLY)
    weekday = serializers.IntegerField(min_value=0, max_value=6, default=0, help_text="0: Monday")
    month_day = serializers.IntegerField(min_value=1, max_value=31, default=1)
    hour = serializers.IntegerField(min_value=0, max_value=23, default=7)
    time_zone = serializers.CharField(max_length=64, default="Europe/Stockholm")
    sends_empty = serializers.BooleanField(default=True)
    recipients = serializers.ListField(child=serializers.EmailField(), max_length=100)


class ScheduleDeletion(Input):
    """Why."""

    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


def _persons_request(request: Request) -> HttpRequest:
    """The request as its person's: a schedule runs with the rights of who made it."""
    if getattr(request._request, "membership", None) is None:
        raise PermissionDenied(_("Schedules run as a person; an API token is none."))
    return request._request


def _members(addresses: list[str]) -> list[Membership]:
    wanted = {address.lower() for address in addresses}
    rows = Membership.objects.filter(is_active=True).select_related("user")
    found = [one for one in rows if one.user.email.lower() in wanted]
    if missing := wanted - {one.user.email.lower() for one in found}:
        text = _("No member has the address %(address)s.") % {"address": min(missing)}
        raise InvalidInput("recipients", text, field="recipients")
    return found


class ScheduleList(ListView):
    """All schedules; POST makes one."""

    read_permission = Permission.SCHEDULE_MANAGE
    write_permission = Permission.SCHEDULE_MANAGE
    serializer_class = ScheduleSerializer
    filterset_class = ScheduleFilter

    def rows(self) -> QuerySet[Schedule]:
        """Of the caller's operator."""
        return _schedules()

    @extend_schema(request=ScheduleInput, responses={201: ScheduleSerializer})
    def post(self, request: Request) -> Response:
        """Send a list or report on a schedule, as the person who calls may see it."""
        person = _persons_request(request)
        given = ScheduleInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        members = _members(values.pop("recipients"))
        made = services.create_schedule(request=person, recipients=members, **values)
        return Response(ScheduleSerializer(_one(made.public_id)).data, status=201)


class ScheduleDetail(DetailView):
    """One schedule; PATCH changes, DELETE removes it."""

    read_permission = Permission.SCHEDULE_MANAGE
    write_permission = Permission.SCHEDULE_MANAGE
    serializer_class = ScheduleSerializer

    def get_object(self) -> Schedule:
        """The caller's own, or 404."""
        return _one(self.kwargs["ref"])

    @extend_schema(request=ScheduleInput, responses=ScheduleSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change what is given of one's own schedule; it is due next by its new rhythm."""
        person, schedule = _persons_request(request), _one(ref)
        given = ScheduleInput(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        kept = [one.membership.user.email for one in schedule.recipients.all()]
        members = _members(values.pop("recipients", kept))
        services.change_schedule(request=person, schedule=schedule, recipients=members, **values)
        return Response(ScheduleSerializer(_one(ref)).data)

    @extend_schema(request=ScheduleDeletion, responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """Remove it with its log; its owner or who manages members may."""
        person, schedule = _persons_request(request), _one(ref)
        given = ScheduleDeletion(data=request.data or {})
        given.is_valid(raise_exception=True)
        services.delete_schedule(request=person, schedule=schedule, **given.validated_data)
        return Response(status=204)


class ScheduleDeliveries(ListView):
    """What a schedule sent, the latest first."""

    read_permission = Permission.SCHEDULE_MANAGE
    serializer_class = DeliverySerializer

    def rows(self) -> QuerySet[Delivery]:
        """Of one schedule."""
        log: QuerySet[Delivery] = _one(self.kwargs["ref"]).deliveries.defer("content")
        return log.order_by("-due_at", "-id")


class SchedulePause(ScopedView):
    """POST pauses a schedule; its owner or who manages members may."""

    write_permission = Permission.SCHEDULE_MANAGE

    @extend_schema(request=None, responses=ScheduleSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Send nothing until it is resumed."""
        services.pause_schedule(request=request, schedule=_one(ref))
        return Response(ScheduleSerializer(_one(ref)).data)


class ScheduleResume(ScopedView):
    """POST resumes a schedule that was paused or stopped; its owner or who manages members may."""

    write_permission = Permission.SCHEDULE_MANAGE

    @extend_schema(request=None, responses=ScheduleSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Run again from the next due time on; 409 while its owner may not see what it sends."""
        services.resume_schedule(request=request, schedule=_one(ref))
        return Response(ScheduleSerializer(_one(ref)).data)


urls = [
    address("schedules", ScheduleList, "schedules"),
    address("schedules/{ref}", ScheduleDetail, "schedule"),
    address("schedules/{ref}/deliveries", ScheduleDeliveries, "schedule_deliveries"),
    address("schedules/{ref}/pause", SchedulePause, "schedule_pause"),
    address("schedules/{ref}/resume", ScheduleResume, "schedule_resume"),
]
