"""REST: authorisation attempts, with person, reason and cure; giving a card to a driver."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.pagination import CursorPages
from core.api.permissions import may, operator_of
from core.api.urls import address
from core.api.views import ListView, ScopedView
from core.errors import InvalidInput
from customers.attempts import services
from customers.attempts.filters import PersonApiFilters
from customers.attempts.selectors import attempt_rows
from customers.attempts.tables import told_of
from customers.drivers.models import Driver
from customers.tokens.api import TokenSerializer
from stations.ocpp.models import AuthorisationAttempt
from stations.ocpp.serializers import AttemptSerializer
from stations.sessions.snapshots import without_people


class AttemptWithCureSerializer(AttemptSerializer):
    """An attempt. Names of people are empty for callers who may not see drivers."""

    printed_number = serializers.SerializerMethodField()
    token = serializers.SerializerMethodField()
    driver = serializers.SerializerMethodField()
    driver_name = serializers.SerializerMethodField()
    company = serializers.SerializerMethodField()
    company_name = serializers.SerializerMethodField()
    cure = serializers.SerializerMethodField()

    class Meta(AttemptSerializer.Meta):
        fields = (  # type: ignore[assignment]  # a longer tuple
            *AttemptSerializer.Meta.fields,
            "printed_number",
            "token",
            "driver",
            "driver_name",
            "company",
            "company_name",
            "cure",
        )

    def to_representation(self, instance: AuthorisationAttempt) -> Any:
        """Without people for callers who may not see them."""
        shown = super().to_representation(instance)
        if not self.context.get("sees_people"):
            hidden = ("driver", "driver_name", "company", "company_name")
            shown |= dict.fromkeys(hidden, "")
            shown["token_snapshot"] = without_people(shown["token_snapshot"] or {})
        return shown

    def get_reason_text(self, attempt: AuthorisationAttempt) -> str:
        """The reason in words, with whose limit it was."""
        return told_of(attempt).reason

    def get_printed_number(self, attempt: AuthorisationAttempt) -> str:
        """Of the card, where known."""
        return told_of(attempt).printed_number

    def get_token(self, attempt: AuthorisationAttempt) -> int | None:
        """The id of the token that has this UID now; null when there is none."""
        return told_of(attempt).token_id

    def get_driver(self, attempt: AuthorisationAttempt) -> str:
        """Public id of the driver then, or now where it was nobody's."""
        return told_of(attempt).person.driver

    def get_driver_name(self, attempt: AuthorisationAttempt) -> str:
        """The name."""
        return told_of(attempt).person.driver_name

    def get_company(self, attempt: AuthorisationAttempt) -> str:
        """Public id of the company."""
        return told_of(attempt).person.company

    def get_company_name(self, attempt: AuthorisationAttempt) -> str:
        """The name."""
        return told_of(attempt).person.company_name

    def get_cure(self, attempt: AuthorisationAttempt) -> str:
        """What would cure a refusal, in words."""
        return told_of(attempt).cure


class AttemptList(ListView):
    """Authorisation attempts, newest first."""

    read_permission = Permission.SESSION_VIEW
    serializer_class = AttemptWithCureSerializer
    filterset_class = PersonApiFilters
    pagination_class = CursorPages

    def rows(self) -> QuerySet[AuthorisationAttempt]:
        """Attempts at the caller's stations."""
        return attempt_rows()

    def get_serializer_context(self) -> dict[str, Any]:
        """Whether the caller may see people."""
        context = super().get_serializer_context()
        request = context.get("request")
        sees = request is not None and may(request, Permission.DRIVER_VIEW)
        return {**context, "sees_people": sees}


class NewDriverSerializer(Input):
    """A driver to make on the way."""

    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=254, required=False)
    phone = serializers.CharField(max_length=40, required=False)


class GiveCardSerializer(Input):
    """Whose the card becomes: ``driver`` (public id) or ``new_driver``."""

    driver = serializers.CharField(max_length=24, required=False)
    new_driver = NewDriverSerializer(required=False)
    printed_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class AttemptAssignment(ScopedView):
    """POST makes the card of an attempt a driver's."""

    write_permission = Permission.TOKEN_EDIT

    @extend_schema(request=GiveCardSerializer, responses=TokenSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Give the card to a driver; 409 when it belongs to somebody."""
        attempt = get_object_or_404(attempt_rows(), pk=int(number))
        given = GiveCardSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        if values.get("new_driver") and not may(request, Permission.DRIVER_EDIT):
            raise PermissionDenied
        if "driver" in values:
            values["driver"] = _driver(values["driver"])
        token = services.give_to_driver(attempt=attempt, operator=operator_of(request), **values)
        return Response(TokenSerializer(token).data)


def _driver(ref: str) -> Driver:
    driver: Driver | None = Driver.objects.filter(public_id=ref).first()
    if driver is None:
        raise InvalidInput("unknown_driver", _("There is no such driver."), field="driver")
    return driver


urls = [
    address("authorisation-attempts", AttemptList, "attempts"),
    address("authorisation-attempts/{number}/assign", AttemptAssignment, "attempt_assign"),
]
