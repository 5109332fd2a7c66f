"""REST: a person's notifications and choices, and those of roles."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import Membership, User
from core.accounts.permissions import Permission, Role
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import ListView, ScopedView
from core.notifications import choices, reading
from core.notifications.filters import NotificationFilter
from core.notifications.mailing import in_words
from core.notifications.models import Notification


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """A notification in words, and the page it is about."""

    text = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = ("id", "event", "text", "params", "url", "happened_at", "read_at")

    def get_text(self, notification: Notification) -> str:
        """The sentence in the caller's language."""
        return in_words(notification)[1]


def _own(request: Request) -> QuerySet[Notification]:
    """Those of the person; an API token is nobody and has none."""
    if isinstance(request.user, User):
        return reading.own(operator_of(request), request.user)
    rows: QuerySet[Notification] = Notification.objects.none()
    return rows


class NotificationList(ListView):
    """The person's own notifications, the newest first."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter

    def rows(self) -> QuerySet[Notification]:
        """The person's own."""
        return _own(self.request)


class ReadSerializer(serializers.Serializer[Any]):
    """How many were marked."""

    marked = serializers.IntegerField()


class NotificationsRead(ScopedView):
    """POST marks all as read."""

    write_permission = Permission.NETWORK_VIEW

    @extend_schema(request=None, responses=ReadSerializer)
    def post(self, request: Request) -> Response:
        """Mark all of one's own."""
        return Response({"marked": reading.mark_read(_own(request))})


class NotificationRead(ScopedView):
    """POST marks one as read."""

    write_permission = Permission.NETWORK_VIEW

    @extend_schema(request=None, responses=ReadSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Mark one of one's own."""
        rows = _own(request).filter(pk=number)
        get_object_or_404(rows)
        return Response({"marked": reading.mark_read(rows)})


class ChoiceSerializer(serializers.Serializer[Any]):
    """Whether an event is told by a way."""

    event = serializers.CharField(max_length=40)
    way = serializers.CharField(max_length=20)
    is_chosen = serializers.BooleanField()


class ChoicesSerializer(Input):
    """What a person hears of, and when it may be written to."""

    choices = ChoiceSerializer(many=True)
    quiet_from = serializers.TimeField(allow_null=True, default=None)
    quiet_to = serializers.TimeField(allow_null=True, default=None)
    is_digest = serializers.BooleanField(default=False)
    digest_time = serializers.TimeField(default=time(7))
    webhook_url = serializers.CharField(max_length=500, allow_blank=True, default="")
    webhook_secret = serializers.CharField(
        read_only=True, help_text="Of a new address, shown this once."
    )


class RoleChoicesSerializer(Input):
    """What a role hears of, and the minutes after which events count."""

    choices = ChoiceSerializer(many=True)
    delays = serializers.DictField(child=serializers.IntegerField(), default=dict)


def _cells(rows: list[choices.Row]) -> list[dict[str, Any]]:
    return [
        {"event": row.kind.name, "way": way, "is_chosen": on}
        for row in rows
        for way, on in row.cells
    ]


def _wanted(values: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(one["event"], one["way"]) for one in values if one["is_chosen"]}


class OwnChoices(ScopedView):
    """The person's choices; PUT replaces them."""

    read_permission = write_permission = Permission.NETWORK_VIEW

    @extend_schema(responses=ChoicesSerializer)
    def get(self, request: Request) -> Response:
        """Events by way, and times."""
        return self._answer(_member(request))

    @extend_schema(request=ChoicesSerializer, responses=ChoicesSerializer)
    def put(self, request: Request) -> Response:
        """Replace them."""
        member = _member(request)
        given = ChoicesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = {**given.validated_data}
        wanted = _wanted(values.pop("choices"))
        secret = choices.choose(membership=member, wanted=wanted, **values)
        return self._answer(member, secret)

    def _answer(self, member: Membership, secret: str = "") -> Response:
        times = choices.settings_of(member.operator, member.user)
        names = ("quiet_from", "quiet_to", "is_digest", "digest_time", "webhook_url")
        values = {name: getattr(times, name) for name in names} | {"webhook_secret": secret}
        values["choices"] = _cells(choices.rows_of(member))
        return Response(ChoicesSerializer(values).data)


def _member(request: Request) -> Membership:
    membership: Membership | None = getattr(request._request, "membership", None)
    if membership is None or not isinstance(request.user, User):
        raise PermissionDenied(_("Only a person has notifications, an API token has none."))
    return membership


class RoleChoices(ScopedView):
    """What a role hears of; PUT replaces it."""

    read_permission = write_permission = Permission.OPERATOR_EDIT

    @extend_schema(responses=RoleChoicesSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """Events by way, and delays."""
        return self._answer(request, ref)

    @extend_schema(request=RoleChoicesSerializer, responses=RoleChoicesSerializer)
    def put(self, request: Request, ref: str) -> Response:
        """Replace it."""
        given = RoleChoicesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        choices.choose_for_role(
            operator=operator_of(request),
            role=ref,
            wanted=_wanted(values["choices"]),
            delays=values["delays"],
        )
        return self._answer(request, ref)

    def _answer(self, request: Request, role: str) -> Response:
        operator = operator_of(request)
        rows = choices.rows_of_role(operator, role) if role in Role.values else []
        values = {"choices": _cells(rows), "delays": choices.delays_of(operator)}
        return Response(RoleChoicesSerializer(values).data)


urls = [
    address("notifications", NotificationList, "notifications"),
    address("notifications/read-all", NotificationsRead, "notifications_read"),
    address("notifications/{number}/read", NotificationRead, "notification_read"),
    address("me/notification-choices", OwnChoices, "notification_choices"),
    address("operator/notification-choices/{ref}", RoleChoices, "notification_role_choices"),
]
