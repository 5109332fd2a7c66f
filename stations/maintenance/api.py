"""REST: work orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from stations.hardware.models import Evse, Station
from stations.maintenance import selectors, services, timing
from stations.maintenance.lists import OrderFilter
from stations.maintenance.models import CHOSEN_PAUSES, OrderKind, OrderState, WorkOrder
from stations.maintenance.partner_models import Partner, Priority
from stations.sites.selectors import sites


def _minutes(length: timedelta) -> float:
    return round(length.total_seconds() / 60, 2)


class ClockSerializer(serializers.Serializer[Any]):
    """One clock: minutes promised, used, and by the clock on the wall; share in percent."""

    allowed_min = serializers.SerializerMethodField()
    used_min = serializers.SerializerMethodField()
    wall_min = serializers.SerializerMethodField()
    share = serializers.IntegerField()
    due_at = serializers.DateTimeField(allow_null=True)
    stopped_at = serializers.DateTimeField(allow_null=True)
    is_paused = serializers.BooleanField()
    is_breached = serializers.BooleanField()

    def get_allowed_min(self, clock: Any) -> float:
        """Promised."""
        return _minutes(clock.allowed)

    def get_used_min(self, clock: Any) -> float:
        """Used in the calendar, without pauses."""
        return _minutes(clock.used)

    def get_wall_min(self, clock: Any) -> float:
        """With nights and pauses."""
        return _minutes(clock.wall)


class OrderSerializer(serializers.ModelSerializer[WorkOrder]):
    """A work order; ``technician``: the name of who does it."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="site.public_id")
    station = serializers.CharField(source="station.public_id", allow_null=True, default=None)
    evse_number = serializers.IntegerField(source="evse.number", allow_null=True, default=None)
    partner = serializers.CharField(source="partner.public_id", allow_null=True, default=None)
    agreement = serializers.CharField(source="agreement.name", allow_null=True, default=None)
    incident = serializers.CharField(source="incident.public_id", allow_null=True, default=None)
    technician = serializers.SerializerMethodField()
    first_time_fix = serializers.BooleanField(allow_null=True)
    respond = serializers.SerializerMethodField()
    restore = serializers.SerializerMethodField()

    class Meta:
        model = WorkOrder
        fields = (
            "id", "number", "title", "description", "kind", "source", "source_ref", "priority",
            "state", "fault_codes", "public_note", "site", "station", "evse_number", "partner",
            "agreement", "incident", "technician", "opened_at", "scheduled_at", "expected_at",
            "responded_at",
            "repaired_at", "verified_at", "closed_at", "visits", "reopened", "first_time_fix",
            "resolution", "cost_amount", "cost_currency", "respond", "restore",
        )  # fmt: skip

    def get_technician(self, order: WorkOrder) -> str:
        """Empty where nobody has it."""
        return str(order.assignee.user) if order.assignee else ""

    @extend_schema_field(ClockSerializer(allow_null=True))
    def get_respond(self, order: WorkOrder) -> dict[str, Any] | None:
        """The clock until somebody is there; null where no time is promised."""
        return _clock(timing.clocks_of(order, timezone.now()).respond)

    @extend_schema_field(ClockSerializer(allow_null=True))
    def get_restore(self, order: WorkOrder) -> dict[str, Any] | None:
        """The clock until it works."""
        return _clock(timing.clocks_of(order, timezone.now()).restore)


def _clock(clock: Any) -> dict[str, Any] | None:
    return None if clock is None else dict(ClockSerializer(clock).data)


class OrderChangeSerializer(Input):
    """What may be written of an order. ``partner``: public id, null for none."""

    title = serializers.CharField(max_length=160, required=False)
    description = serializers.CharField(max_length=4000, allow_blank=True, required=False)
    kind = serializers.ChoiceField(choices=OrderKind.choices, required=False)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    fault_codes = serializers.CharField(max_length=200, allow_blank=True, required=False)
    public_note = serializers.CharField(max_length=300, allow_blank=True, required=False)
    partner = serializers.CharField(max_length=24, allow_null=True, required=False)
    scheduled_at = serializers.DateTimeField(allow_null=True, required=False)
    expected_at = serializers.DateTimeField(allow_null=True, required=False)
    cost_amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, allow_null=True, required=False
    )
    cost_currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)


class OrderWriteSerializer(OrderChangeSerializer):
    """A new order; without a station it is about the whole site."""

    title = serializers.CharField(max_length=160)
    site = serializers.CharField(max_length=24)
    station = serializers.CharField(max_length=24, required=False)
    evse_number = serializers.IntegerField(min_value=1, required=False)


class StepSerializer(Input):
    """The next step; ``text``: what was done, or why it is cancelled."""

    state = serializers.ChoiceField(choices=OrderState.choices)
    text = serializers.CharField(max_length=2000, allow_blank=True, required=False)


class OrderReasonSerializer(Input):
    """Why."""

    reason = serializers.CharField(max_length=500)


class PauseSerializer(Input):
    """Why the clocks stand still; null lets them go on."""

    reason = serializers.ChoiceField(choices=CHOSEN_PAUSES, allow_null=True)


def _values(given: Input) -> dict[str, Any]:
    given.is_valid(raise_exception=True)
    values: dict[str, Any] = {**given.validated_data}
    if values.get("partner") is not None:
        values["partner"] = Partner.objects.filter(public_id=values["partner"]).first()
        if values["partner"] is None:
            raise InvalidInput("partner", _("There is no partner with this id."), field="partner")
    return values


def _placed(values: dict[str, Any]) -> dict[str, Any]:
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


def _shown(order: WorkOrder) -> dict[str, Any]:
    return OrderSerializer(selectors.order_or_404(order.public_id)).data


class OrderList(ListView):
    """All work orders; POST opens one."""

    read_permission = Permission.ORDER_VIEW
    write_permission = Permission.ORDER_EDIT
    serializer_class = OrderSerializer
    filterset_class = OrderFilter

    def rows(self) -> QuerySet[WorkOrder]:
        """Orders of the sites that the caller may see."""
        return selectors.orders()

    @extend_schema(request=OrderWriteSerializer, responses={201: OrderSerializer})
    def post(self, request: Request) -> Response:
        """Open an order; the agreement that covers the site starts its clocks."""
        values = _placed(_values(OrderWriteSerializer(data=request.data)))
        values = {name: value for name, value in values.items() if not name.startswith("cost_")}
        order = services.open_order(operator=operator_of(request), **values)
        return Response(_shown(order), status=201)


class OrderDetail(DetailView):
    """One order; PATCH changes it."""

    read_permission = Permission.ORDER_VIEW
    write_permission = Permission.ORDER_EDIT
    serializer_class = OrderSerializer

    def get_object(self) -> WorkOrder:
        """The caller's own, or 404."""
        return selectors.order_or_404(self.kwargs["ref"])

    @extend_schema(request=OrderChangeSerializer, responses=OrderSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change an open order; what is not given stays."""
        order = self.get_object()
        values = _values(OrderChangeSerializer(data=request.data))
        return Response(_shown(services.change_order(order=order, **values)))


class OrderStep(ScopedView):
    """POST takes the next step of an order."""

    write_permission = Permission.ORDER_EDIT

    @extend_schema(request=StepSerializer, responses=OrderSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 for a step that may not follow; the same step again changes nothing."""
        order = selectors.order_or_404(ref)
        given = StepSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(_shown(services.set_state(order=order, **given.validated_data)))


class OrderReopening(ScopedView):
    """POST opens a closed order again."""

    write_permission = Permission.ORDER_EDIT

    @extend_schema(request=OrderReasonSerializer, responses=OrderSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Within fourteen days, with a reason."""
        order = selectors.order_or_404(ref)
        given = OrderReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(_shown(services.reopen(order=order, **given.validated_data)))


class OrderPause(ScopedView):
    """POST holds the clocks of an order, or lets them go on."""

    write_permission = Permission.ORDER_EDIT

    @extend_schema(request=PauseSerializer, responses=OrderSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """A reason holds them, null lets them go on."""
        order = selectors.order_or_404(ref)
        given = PauseSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        reason = given.validated_data["reason"]
        if reason is None:
            timing.resume(order=order)
        else:
            timing.pause(order=order, reason=reason)
        return Response(_shown(order))


urls = [
    address("work-orders", OrderList, "work_orders"),
    address("work-orders/{ref}", OrderDetail, "work_order"),
    address("work-orders/{ref}/step", OrderStep, "work_order_step"),
    address("work-orders/{ref}/reopen", OrderReopening, "work_order_reopen"),
    address("work-orders/{ref}/pause", OrderPause, "work_order_pause"),
]
