"""REST: work on site, the same as the pages under ``/field/``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import ApiToken
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import may
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import RuleViolation
from stations.hardware.models import Evse
from stations.maintenance import (
    checklists,
    feeds,
    field_commands,
    field_selectors,
    parts,
    photos,
    selectors,
    services,
    times,
)
from stations.maintenance.api import OrderSerializer, StepSerializer
from stations.maintenance.codes import station_named
from stations.maintenance.field_models import MOST_MINUTES, TimeKind
from stations.maintenance.lifecycle import FIELD
from stations.maintenance.lists import OrderFilter
from stations.maintenance.models import WorkOrder
from stations.maintenance.work_models import CheckResult


class FieldOrderSerializer(OrderSerializer):
    """A work order with what its page on site shows."""

    checks = serializers.SerializerMethodField()
    parts = serializers.SerializerMethodField()
    times = serializers.SerializerMethodField()
    evses = serializers.SerializerMethodField()
    navigate_url = serializers.SerializerMethodField()

    class Meta(OrderSerializer.Meta):
        fields = (*OrderSerializer.Meta.fields, "checks", "parts", "times", "evses", "navigate_url")  # type: ignore[assignment]  # more of them

    def get_checks(self, order: WorkOrder) -> list[dict[str, Any]]:
        """Points of the checklist: position, text, is_required, result, note."""
        names = ("position", "text", "is_required", "result", "note")
        return _values(order.checks.all(), names)

    def get_parts(self, order: WorkOrder) -> list[dict[str, Any]]:
        """Parts that were put in."""
        names = ("name", "article", "quantity", "serial_out", "serial_in", "is_warranty")
        return _values(order.parts.all(), names)

    def get_times(self, order: WorkOrder) -> list[dict[str, Any]]:
        """Time that was spent."""
        return _values(order.times.all(), ("worked_on", "kind", "minutes"))

    def get_evses(self, order: WorkOrder) -> list[dict[str, Any]]:
        """The EVSEs of its station, or of its site, as they are now."""
        return [
            {
                "station": one.station.public_id,
                "number": one.number,
                "evse_id": one.public_id,
                "status": getattr(one, "status", ""),
                "is_connected": _is_connected(one),
            }
            for one in field_selectors.evses_of(order)
        ]  # fmt: skip

    def get_navigate_url(self, order: WorkOrder) -> str:
        """A route to the site; empty where nobody knows where it is."""
        way = field_selectors.way_of(order.site)
        return way.maps if way else ""


def _values(rows: QuerySet[Any], names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in names} for row in rows]


def _is_connected(evse: Evse) -> bool:
    link = getattr(evse.station, "link", None)
    return link is not None and link.is_connected


class FieldStepSerializer(StepSerializer):
    """The next step on site."""

    state = serializers.ChoiceField(choices=sorted(FIELD))


class FieldCheckSerializer(Input):
    """What came of a point of the checklist."""

    position = serializers.IntegerField(min_value=1, max_value=10_000)
    result = serializers.ChoiceField(choices=CheckResult.choices, allow_blank=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class FieldPartSerializer(Input):
    """A part; the same ``once`` again adds nothing."""

    name = serializers.CharField(max_length=120)
    article = serializers.CharField(max_length=60, required=False, allow_blank=True)
    quantity = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    serial_out = serializers.CharField(max_length=80, required=False, allow_blank=True)
    serial_in = serializers.CharField(max_length=80, required=False, allow_blank=True)
    is_warranty = serializers.BooleanField(required=False)
    once = serializers.CharField(max_length=40, required=False)


class FieldTimeSerializer(Input):
    """Time; the same ``once`` again adds nothing."""

    kind = serializers.ChoiceField(choices=TimeKind.choices, required=False)
    worked_on = serializers.DateField()
    minutes = serializers.IntegerField(min_value=1, max_value=MOST_MINUTES)
    once = serializers.CharField(max_length=40, required=False)


class FieldNoteSerializer(Input):
    """A line in the log."""

    text = serializers.CharField(max_length=2000)


class FieldPhotoSerializer(Input):
    """A photo or document."""

    file = serializers.FileField(allow_empty_file=True)
    caption = serializers.CharField(max_length=200, required=False, allow_blank=True)


class FieldCommandSerializer(Input):
    """A safe command to the order's own station; ``evse_number`` where it is about one."""

    action = serializers.ChoiceField(choices=sorted(field_commands.ACTIONS))
    evse_number = serializers.IntegerField(min_value=1, required=False)
    reason = serializers.CharField(max_length=300)


class FieldCommandShownSerializer(serializers.Serializer[Any]):
    """The command that was made; its answer is with the order's station."""

    id = serializers.CharField(source="public_id")
    action = serializers.CharField()
    state = serializers.CharField()


class CalendarShownSerializer(serializers.Serializer[Any]):
    """The address of the caller's calendar: told when it is made, empty later."""

    url = serializers.CharField()
    made_at = serializers.DateTimeField(allow_null=True)
    read_at = serializers.DateTimeField(allow_null=True)


def _orders(request: Request) -> QuerySet[WorkOrder]:
    """A token stands for the operator; a person sees what its pages show."""
    if isinstance(request.auth, ApiToken):
        return selectors.orders()
    return selectors.orders_for(selectors.membership_of(request._request))


def _order(request: Request, ref: str) -> WorkOrder:
    order: WorkOrder = get_object_or_404(_orders(request), public_id=ref)
    return order


def _shown(request: Request, ref: str) -> Response:
    return Response(FieldOrderSerializer(_order(request, ref)).data)


class FieldOrderList(ListView):
    """Orders that the caller may work on."""

    read_permission = Permission.ORDER_WORK
    serializer_class = OrderSerializer
    filterset_class = OrderFilter

    def rows(self) -> QuerySet[WorkOrder]:
        """A partner's technicians have those of their company."""
        return _orders(self.request)


class FieldOrderDetail(DetailView):
    """One order with checklist, parts, time and the station's state."""

    read_permission = Permission.ORDER_WORK
    serializer_class = FieldOrderSerializer

    def get_object(self) -> WorkOrder:
        """The caller's own, or 404."""
        return _order(self.request, self.kwargs["ref"])


class _Doing(ScopedView):
    """POST does one thing to an order and answers with it."""

    write_permission = Permission.ORDER_WORK
    body: type[Input]
    call: Callable[..., object]

    def doing(self, request: Request, ref: str) -> Response:
        """Read the body, call the service."""
        order = _order(request, ref)
        given = self.body(data=request.data)
        given.is_valid(raise_exception=True)
        type(self).call(order=order, **given.validated_data)
        return _shown(request, ref)


class FieldStep(_Doing):
    """POST takes the next step."""

    body, call = FieldStepSerializer, staticmethod(services.set_state)

    @extend_schema(request=FieldStepSerializer, responses=FieldOrderSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 for a step that may not follow; the same step again changes nothing."""
        return self.doing(request, ref)


class FieldCheck(_Doing):
    """POST says what came of a point."""

    body, call = FieldCheckSerializer, staticmethod(checklists.set_check)

    @extend_schema(request=FieldCheckSerializer, responses=FieldOrderSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """The same again changes nothing."""
        return self.doing(request, ref)


class FieldPart(_Doing):
    """POST writes down a part."""

    body, call = FieldPartSerializer, staticmethod(parts.add_part)

    @extend_schema(request=FieldPartSerializer, responses=FieldOrderSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """A part that was put in."""
        return self.doing(request, ref)


class FieldTime(_Doing):
    """POST writes down time."""

    body, call = FieldTimeSerializer, staticmethod(times.add_time)

    @extend_schema(request=FieldTimeSerializer, responses=FieldOrderSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Time that was spent."""
        return self.doing(request, ref)


class FieldNote(_Doing):
    """POST writes a line in the log."""

    body, call = FieldNoteSerializer, staticmethod(services.add_note)

    @extend_schema(request=FieldNoteSerializer, responses=FieldOrderSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """What there is to say."""
        return self.doing(request, ref)


class FieldPhoto(_Doing):
    """POST (multipart) adds a photo."""

    body, call = FieldPhotoSerializer, staticmethod(photos.add_photo)
    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": FieldPhotoSerializer}, responses=FieldOrderSerializer
    )
    def post(self, request: Request, ref: str) -> Response:
        """The same photo again changes nothing."""
        return self.doing(request, ref)


class FieldCommand(ScopedView):
    """POST asks the order's own station for something safe."""

    write_permission = Permission.ORDER_WORK

    @extend_schema(request=FieldCommandSerializer, responses={201: FieldCommandShownSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """409 where nobody is on site, unless the caller may send such commands anyway."""
        order = _order(request, ref)
        given = FieldCommandSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        number = values.get("evse_number")
        evse = Evse.objects.filter(station_id=order.station_id, number=number).first()
        command = field_commands.do_action(
            order=order,
            action=field_commands.ACTIONS[values["action"]],
            evse=evse,
            reason=values["reason"],
            is_trusted=may(request, Permission.COMMAND_DANGEROUS),
        )
        return Response(FieldCommandShownSerializer(command).data, status=201)


class FieldFinding(ScopedView):
    """Open orders at the station on which a code stands."""

    read_permission = Permission.ORDER_WORK

    @extend_schema(
        parameters=[OpenApiParameter("code", str, required=True)],
        responses=OrderSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """A scanned code or address, an EVSE id, or a station; none for an unknown one."""
        station, _evse = station_named(request.query_params.get("code", "")[:300])
        if station is None:
            return Response([])
        found = field_selectors.orders_at(_orders(request), station)
        return Response(OrderSerializer(found, many=True).data)


class FieldCalendar(ScopedView):
    """The caller's calendar address; POST makes a new one, DELETE ends it."""

    read_permission = write_permission = Permission.ORDER_WORK

    @extend_schema(responses=CalendarShownSerializer)
    def get(self, request: Request) -> Response:
        """Whether there is one; a token, which is no person, has none."""
        return _feed(request, "")

    @extend_schema(request=None, responses={201: CalendarShownSerializer})
    def post(self, request: Request) -> Response:
        """A new address; the one before ends."""
        answer = _feed(request, feeds.make_feed(membership=_person(request)))
        answer.status_code = 201
        return answer

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """End the address."""
        feeds.end_feed(membership=_person(request))
        return Response(status=204)


def _feed(request: Request, url: str) -> Response:
    feed = feeds.feed_of(_person(request)) if not isinstance(request.auth, ApiToken) else None
    made, read = (feed.created_at, feed.read_at) if feed is not None else (None, None)
    shown = {"url": url, "made_at": made, "read_at": read}
    return Response(CalendarShownSerializer(shown).data)


def _person(request: Request) -> Any:
    if isinstance(request.auth, ApiToken):
        raise RuleViolation("no_person", _("A calendar belongs to a person, not to a token."))
    membership = selectors.membership_of(request._request)
    if membership is None:
        raise Http404
    return membership


_ONE = "field/orders/{ref}"
urls = [
    address("field/orders", FieldOrderList, "field_orders"),
    address("field/find", FieldFinding, "field_find"),
    address("field/calendar", FieldCalendar, "field_calendar"),
    address(_ONE, FieldOrderDetail, "field_order"),
    address(f"{_ONE}/step", FieldStep, "field_step"),
    address(f"{_ONE}/check", FieldCheck, "field_check"),
    address(f"{_ONE}/part", FieldPart, "field_part"),
    address(f"{_ONE}/time", FieldTime, "field_time"),
    address(f"{_ONE}/note", FieldNote, "field_note"),
    address(f"{_ONE}/photo", FieldPhoto, "field_photo"),
    address(f"{_ONE}/command", FieldCommand, "field_command"),
]
