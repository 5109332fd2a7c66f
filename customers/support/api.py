"""REST: the first line's search, cases, their logs and actions."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import may, operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from customers.support import services
from customers.support.acting import do_action
from customers.support.actions import ACTIONS, permitted
from customers.support.answers import write_note
from customers.support.filters import CaseFilter
from customers.support.find import Found, understand
from customers.support.models import CaseEntry, CaseOutcome, SupportCase
from customers.support.ordering import order_from_case
from customers.support.selectors import cases, log_of
from customers.support.services import Subjects
from customers.support.views import chosen
from customers.tokens.selectors import find_token
from stations.ocpp.models import AuthorisationAttempt


class CaseSerializer(serializers.ModelSerializer[SupportCase]):
    """A case. ``driver`` is empty for callers who may not see drivers."""

    id = serializers.CharField(source="public_id")
    driver = serializers.SerializerMethodField()
    token = serializers.CharField(source="token.uid", default=None, allow_null=True)
    station = serializers.CharField(source="station.public_id", default=None, allow_null=True)
    evse = serializers.CharField(source="evse.public_id", default=None, allow_null=True)
    session = serializers.CharField(source="session.public_id", default=None, allow_null=True)
    opened_by = serializers.CharField(source="opened_by_label")
    closed_by = serializers.CharField(source="closed_by_label")

    class Meta:
        model = SupportCase
        fields = (
            "id",
            "state",
            "asked",
            "caller_name",
            "caller_phone",
            "driver",
            "token",
            "station",
            "evse",
            "session",
            "opened_at",
            "opened_by",
            "closed_at",
            "closed_by",
            "outcome",
        )

    def get_driver(self, case: SupportCase) -> str | None:
        """Public id."""
        request = self.context.get("request")
        sees = request is not None and may(request, Permission.DRIVER_VIEW)
        return case.driver.public_id if case.driver and sees else None


class EntrySerializer(serializers.ModelSerializer[CaseEntry]):
    """One line of a case's log, with what came of its command."""

    author = serializers.CharField(source="author_label")
    command = serializers.CharField(source="command.public_id", default=None, allow_null=True)
    command_state = serializers.CharField(source="command.state", default=None, allow_null=True)
    answer_status = serializers.CharField(
        source="command.answer_status", default=None, allow_null=True
    )
    attempt = serializers.IntegerField(source="attempt_id", allow_null=True)

    class Meta:
        model = CaseEntry
        fields = (
            "id",
            "at",
            "kind",
            "author",
            "text",
            "command",
            "command_state",
            "answer_status",
            "attempt",
            "data",
        )


class FoundSerializer(serializers.Serializer[Any]):
    """One thing that a text may mean."""

    kind = serializers.CharField()
    ref = serializers.CharField()
    taken_for = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # also an attribute of fields
    note = serializers.CharField()


class LinkSerializer(Input):
    """What a case is about: the text that the caller said, and which of its meanings."""

    q = serializers.CharField(max_length=100)
    kind = serializers.CharField(max_length=20, required=False, default="")
    ref = serializers.CharField(max_length=64, required=False, default="")


class OpenSerializer(Input):
    """A case to open; ``q`` may be left out while nothing is known."""

    q = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
    kind = serializers.CharField(max_length=20, required=False, default="")
    ref = serializers.CharField(max_length=64, required=False, default="")
    caller_name = serializers.CharField(
        max_length=120, required=False, default="", allow_blank=True
    )
    caller_phone = serializers.CharField(
        max_length=40, required=False, default="", allow_blank=True
    )


class EntryWriteSerializer(Input):
    """A note, a reported fault, or an authorisation attempt to keep."""

    kind = serializers.ChoiceField(choices=["note", "fault", "attempt"], default="note")
    text = serializers.CharField(max_length=4000, required=False, default="", allow_blank=True)
    attempt = serializers.IntegerField(required=False)
    is_shared = serializers.BooleanField(
        default=False, help_text="The customer sees the note in their portal."
    )


class ActionSerializer(Input):
    """An action; ``token`` (UID) is the card of a start, ``reason`` is needed by all others."""

    action = serializers.ChoiceField(choices=list(ACTIONS))
    token = serializers.CharField(max_length=36, required=False)
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class CloseSerializer(Input):
    """How the case ended."""

    outcome = serializers.ChoiceField(choices=CaseOutcome.choices)
    text = serializers.CharField(max_length=4000, required=False, default="", allow_blank=True)


def _found(request: Request, text: str) -> list[Found]:
    return understand(text, operator_of(request), lambda permission: may(request, permission))


def _subjects(request: Request, values: dict[str, Any]) -> Subjects:
    text = values["q"]
    if not text:
        return Subjects()
    one = chosen(_found(request, text), values["kind"], values["ref"])
    if one is None:
        raise InvalidInput(
            "unclear", _("This names nothing, or several things: give kind and ref."), field="q"
        )
    return one.subjects


def _case(ref: str) -> SupportCase:
    case: SupportCase = get_object_or_404(cases(), public_id=ref)
    return case


class SupportSearch(ScopedView):
    """What a text may mean: the code on a sign, a card, a phone number, a name, a session."""

    read_permission = Permission.CASE_WORK

    @extend_schema(
        parameters=[OpenApiParameter("q", str, required=True)],
        responses=FoundSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The surest first."""
        found = _found(request, request.query_params.get("q", ""))
        return Response(FoundSerializer(found, many=True).data)


class CaseOrderSerializer(serializers.Serializer[Any]):
    """The work order of a case; all of it is at ``work-orders/{id}``."""

    id = serializers.CharField(source="public_id")
    number = serializers.IntegerField()
    state = serializers.CharField()


class CaseList(ListView):
    """Support cases, newest first; POST opens one."""

    read_permission = Permission.CASE_VIEW
    write_permission = Permission.CASE_WORK
    serializer_class = CaseSerializer
    filterset_class = CaseFilter

    def rows(self) -> QuerySet[SupportCase]:
        """Cases of the caller's operator."""
        return cases()

    @extend_schema(request=OpenSerializer, responses={201: CaseSerializer})
    def post(self, request: Request) -> Response:
        """Open a case."""
        given = OpenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        case = services.open_case(
            operator=operator_of(request),
            subjects=_subjects(request, values),
            asked=values["q"],
            caller_name=values["caller_name"],
            caller_phone=values["caller_phone"],
        )
        return Response(CaseSerializer(case, context={"request": request}).data, status=201)


class CaseDetail(DetailView):
    """One case; PATCH puts what was found into it."""

    read_permission = Permission.CASE_VIEW
    write_permission = Permission.CASE_WORK
    serializer_class = CaseSerializer

    def get_object(self) -> SupportCase:
        """The caller's own case, or 404."""
        return _case(self.kwargs["ref"])

    @extend_schema(request=LinkSerializer, responses=CaseSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Put a thing that was found into the case."""
        case = _case(ref)
        given = LinkSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        subjects = _subjects(request, {**given.validated_data})
        case = services.link_case(case=case, subjects=subjects)
        return Response(CaseSerializer(case, context={"request": request}).data)


class CaseEntries(ListView):
    """The log of a case, newest first; POST adds a note, a fault or an attempt."""

    read_permission = Permission.CASE_VIEW
    write_permission = Permission.CASE_WORK
    serializer_class = EntrySerializer

    def rows(self) -> QuerySet[CaseEntry]:
        """Lines of the case."""
        return log_of(_case(self.kwargs["ref"]))

    @extend_schema(request=EntryWriteSerializer, responses={201: EntrySerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Add a line; 409 when the case is closed."""
        case = _case(ref)
        given = EntryWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        if values["kind"] == "fault":
            entry = services.report_fault(case=case, text=values["text"])
        elif values["kind"] == "attempt":
            rows = AuthorisationAttempt.objects.all()
            attempt = get_object_or_404(rows, pk=values.get("attempt", 0))
            entry = services.note_attempt(case=case, attempt=attempt)
        else:
            entry = write_note(case=case, text=values["text"], is_shared=values["is_shared"])
        return Response(EntrySerializer(entry).data, status=201)


class CaseActions(ScopedView):
    """POST does an action: start, goodwill, stop, unlock or restart."""

    write_permission = Permission.CASE_WORK

    @extend_schema(request=ActionSerializer, responses={201: EntrySerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Send the command; its result stands in the log and at ``commands/{id}/``."""
        case = _case(ref)
        given = ActionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        action = ACTIONS[values["action"]]
        if not permitted(action, lambda permission: may(request, permission)):
            raise PermissionDenied
        token = find_token(values["token"]) if "token" in values else None
        entry = do_action(case=case, action=action, token=token, reason=values["reason"])
        return Response(EntrySerializer(entry).data, status=201)


class CaseClosing(ScopedView):
    """POST closes a case."""

    write_permission = Permission.CASE_WORK

    @extend_schema(request=CloseSerializer, responses=CaseSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Close with an outcome; 409 when it is closed."""
        case = _case(ref)
        given = CloseSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.close_case(case=case, **given.validated_data)
        return Response(CaseSerializer(case, context={"request": request}).data)


class CaseOrdering(ScopedView):
    """POST makes a work order of a case."""

    write_permission = Permission.ORDER_EDIT

    @extend_schema(request=None, responses={201: CaseOrderSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """While that order is open, the same again gives the same order."""
        case = _case(ref)
        if not may(request, Permission.CASE_WORK):
            raise PermissionDenied
        order = order_from_case(case=case)
        return Response(CaseOrderSerializer(order).data, status=201)


class CaseReopening(ScopedView):
    """POST opens a closed case again."""

    write_permission = Permission.CASE_WORK

    @extend_schema(request=None, responses=CaseSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 when it is open."""
        case = services.reopen_case(case=_case(ref))
        return Response(CaseSerializer(case, context={"request": request}).data)


urls = [
    address("support/search", SupportSearch, "support_search"),
    address("cases", CaseList, "cases"),
    address("cases/{ref}", CaseDetail, "case"),
    address("cases/{ref}/entries", CaseEntries, "case_entries"),
    address("cases/{ref}/actions", CaseActions, "case_actions"),
    address("cases/{ref}/work-order", CaseOrdering, "case_work_order"),
    address("cases/{ref}/close", CaseClosing, "case_close"),
    address("cases/{ref}/reopen", CaseReopening, "case_reopen"),
]
