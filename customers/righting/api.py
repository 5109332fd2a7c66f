"""REST: where a session's money stands, and putting it right."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from billing.rating.session_facts import Correction
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import may
from core.api.urls import address
from core.api.views import ScopedView
from customers.righted.models import SessionRighting
from customers.righting.preview import Outcome
from customers.righting.rule import Route
from customers.righting.services import Done, Wish, outcome, put_right, unfinished_of
from customers.righting.standing import Position, position_of
from customers.righting.words import NEEDED
from stations.sessions.models import Session

_MONEY: dict[str, Any] = {"max_digits": 16, "decimal_places": 4}
ROUTE_VALUES = [route.value for route in Route]


class RightingSerializer(serializers.ModelSerializer[SessionRighting]):
    """One time that a billed session was put right."""

    credit_note = serializers.CharField(source="credit_note.public_id")
    credit_note_number = serializers.CharField(source="credit_note.number")

    class Meta:
        model = SessionRighting
        fields = (
            "credit_note", "credit_note_number", "stood", "amount", "currency", "reason",
            "created_at",
        )  # fmt: skip


class PositionSerializer(serializers.Serializer[Position]):
    """``costs``: what the session costs now, with VAT; ``routes``: the ways that are open, of
    which a caller may lack the rights; ``refused``: the code of why none is; ``most``: how much may
    go back; ``righted``: what was put right before; ``unfinished``: what of it is still to go back
    to the card, which the very same call as then does."""

    costs = serializers.DecimalField(**_MONEY)
    currency = serializers.CharField()
    routes = serializers.ListField(
        child=serializers.ChoiceField(choices=ROUTE_VALUES), source="choice.routes"
    )
    refused = serializers.CharField(source="choice.refused")
    most = serializers.DecimalField(source="choice.most", **_MONEY)
    invoice = serializers.CharField(source="invoice.public_id", default=None, allow_null=True)
    righted = serializers.SerializerMethodField()
    unfinished = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DecimalField(allow_null=True, **_MONEY))
    def get_unfinished(self, position: Position) -> str | None:
        """Nothing as a rule."""
        found = unfinished_of(position.session)
        return None if found is None else f"{found.amount:.4f}"

    def get_righted(self, position: Position) -> list[dict[str, Any]]:
        """The latest first."""
        rows = SessionRighting.objects.filter(session=position.session)
        found: Any = RightingSerializer(rows.select_related("credit_note"), many=True).data
        return list(found)


class RowSerializer(serializers.Serializer[Any]):
    """A line of the credit note, or of the new price."""

    text = serializers.CharField()
    tax = serializers.DecimalField(**_MONEY)
    gross = serializers.DecimalField(**_MONEY)


class OutcomeSerializer(serializers.Serializer[Outcome]):
    """What it leads to. Of ``back``, ``off_invoice`` lowers what is owed, ``to_card`` is refunded
    and ``to_account`` stays as the customer's credit."""

    route = serializers.ChoiceField(choices=ROUTE_VALUES)
    before = serializers.DecimalField(**_MONEY)
    after = serializers.DecimalField(**_MONEY)
    currency = serializers.CharField()
    back = serializers.DecimalField(**_MONEY)
    tax = serializers.DecimalField(**_MONEY)
    off_invoice = serializers.DecimalField(**_MONEY)
    to_card = serializers.DecimalField(**_MONEY)
    to_account = serializers.DecimalField(**_MONEY)
    rows = RowSerializer(many=True)
    needs_second = serializers.BooleanField()
    is_held = serializers.BooleanField()


class DoneSerializer(serializers.Serializer[Done]):
    """What was done: before a bill a decision (which may wait for a second person), after it a
    credit note."""

    route = serializers.ChoiceField(choices=ROUTE_VALUES)
    decision = serializers.CharField(source="decision.state", default=None, allow_null=True)
    credit_note = serializers.CharField(
        source="credit_note.public_id", default=None, allow_null=True
    )


class WishSerializer(Input):
    """Which way, why, and what the session cost as it was read (``costs``), so that a repeat gives
    nothing back twice. ``amount`` for credit, refund and guest; energy and times for a new
    rating."""

    route = serializers.ChoiceField(choices=ROUTE_VALUES)
    reason = serializers.CharField(max_length=500)
    stood = serializers.DecimalField(**_MONEY)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, required=False)
    energy_wh = serializers.DecimalField(max_digits=16, decimal_places=4, required=False)
    started_at = serializers.DateTimeField(required=False)
    stopped_at = serializers.DateTimeField(required=False)

    def wish(self) -> Wish:
        """As the service takes it."""
        values = {**self.validated_data}
        names = ("energy_wh", "started_at", "stopped_at")
        figures = {name: values.pop(name, None) for name in names}
        return Wish(
            **(values | {"route": Route(values["route"])}), correction=Correction(**figures)
        )


def _session(ref: str) -> Session:
    rows = Session.objects.select_related("station__site", "operator", "evse")
    found: Session = get_object_or_404(rows, public_id=ref)
    return found


def _asked(request: Request) -> Wish:
    given = WishSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    wish = given.wish()
    if not all(may(request, needed) for needed in NEEDED[wish.route]):
        raise PermissionDenied
    return wish


class SessionPutRight(ScopedView):
    """Where a session's money stands; POST puts it right."""

    read_permission = Permission.REVIEW_DECIDE
    write_permission = Permission.REVIEW_DECIDE

    @extend_schema(responses=PositionSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """The ways that are open, and how much may go back."""
        return Response(PositionSerializer(position_of(_session(ref))).data)

    @extend_schema(request=WishSerializer, responses=DoneSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 where another way is open, its cost has changed, and beyond what was billed."""
        session, wish = _session(ref), _asked(request)
        may_exceed = may(request, Permission.PAYMENT_REFUND_ANY)
        done = put_right(session=session, wish=wish, may_exceed_limit=may_exceed)
        return Response(DoneSerializer(done).data)


class SessionRightingPreview(ScopedView):
    """POST tells what putting right would lead to, and changes nothing."""

    write_permission = Permission.REVIEW_DECIDE

    @extend_schema(request=WishSerializer, responses=OutcomeSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """The same refusals as doing it."""
        session, wish = _session(ref), _asked(request)
        may_exceed = may(request, Permission.PAYMENT_REFUND_ANY)
        found = outcome(session=session, wish=wish, may_exceed_limit=may_exceed)
        return Response(OutcomeSerializer(found).data)


urls = [
    address("sessions/{ref}/put-right", SessionPutRight, "session_put_right"),
    address(
        "sessions/{ref}/put-right/preview", SessionRightingPreview, "session_put_right_preview"
    ),
]
