"""REST: schedules and what they sent. They run as a person, so persons make them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.audit.services import record
from core.schedules.due import next_due
from core.schedules.filters import ScheduleFilter
from core.schedules.models import Delivery, Schedule, ScheduleState


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


class ScheduleList(ListView):
    """All schedules."""

    read_permission = Permission.SCHEDULE_MANAGE
    serializer_class = ScheduleSerializer
    filterset_class = ScheduleFilter

    def rows(self) -> QuerySet[Schedule]:
        """Of the caller's operator."""
        return _schedules()


class ScheduleDetail(DetailView):
    """One schedule."""

    read_permission = Permission.SCHEDULE_MANAGE
    serializer_class = ScheduleSerializer

    def get_object(self) -> Schedule:
        """The caller's own, or 404."""
        return _one(self.kwargs["ref"])


class ScheduleDeliveries(ListView):
    """What a schedule sent, the latest first."""

    read_permission = Permission.SCHEDULE_MANAGE
    serializer_class = DeliverySerializer

    def rows(self) -> QuerySet[Delivery]:
        """Of one schedule."""
        log: QuerySet[Delivery] = _one(self.kwargs["ref"]).deliveries.defer("content")
        return log.order_by("-due_at", "-id")


class SchedulePause(ScopedView):
    """POST pauses a schedule."""

    write_permission = Permission.PEOPLE_MANAGE

    @extend_schema(request=None, responses=ScheduleSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Send nothing until it is resumed."""
        return _switch(_one(ref), ScheduleState.PAUSED, "schedule.pause")


class ScheduleResume(ScopedView):
    """POST resumes a paused schedule."""

    write_permission = Permission.PEOPLE_MANAGE

    @extend_schema(request=None, responses=ScheduleSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Run again from the next due time on; one that the portal stopped stays so."""
        return _switch(_one(ref), ScheduleState.ACTIVE, "schedule.resume")


def _switch(schedule: Schedule, state: ScheduleState, verb: str) -> Response:
    other = ScheduleState.PAUSED if state == ScheduleState.ACTIVE else ScheduleState.ACTIVE
    values: dict[str, Any] = {"state": state}
    if state == ScheduleState.ACTIVE:
        values["next_due_at"] = next_due(schedule.rhythm, timezone.now())
    if Schedule.objects.filter(pk=schedule.pk, state=other).update(**values):
        record(verb, schedule, operator_id=schedule.operator_id)
    return Response(ScheduleSerializer(_one(schedule.public_id)).data)


urls = [
    address("schedules", ScheduleList, "schedules"),
    address("schedules/{ref}", ScheduleDetail, "schedule"),
    address("schedules/{ref}/deliveries", ScheduleDeliveries, "schedule_deliveries"),
    address("schedules/{ref}/pause", SchedulePause, "schedule_pause"),
    address("schedules/{ref}/resume", ScheduleResume, "schedule_resume"),
]
