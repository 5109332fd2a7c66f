"""REST: bulk actions. What lists can do to many rows: look at what is affected, then confirm."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.fields import ObjectField
from core.api.inputs import Input
from core.api.permissions import may
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput, RuleViolation
from core.lists import bulk, registry
from core.lists.actions import BulkAction
from core.lists.bulk_choice import MOST_ROWS, of_ids, of_query
from core.lists.bulk_values import described, form_of
from core.lists.models import BulkOutcome, BulkRow, BulkRun, BulkState
from core.lists.spec import ListSpec


class BulkPermission(BasePermission):
    """Who may do at least one bulk action; each is checked again for itself."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Look through the actions of all lists."""
        return bool(request.user.is_authenticated) and bool(_possible(request))


def _possible(request: Request) -> list[tuple[ListSpec, BulkAction]]:
    return [
        (spec, action)
        for spec in sorted(registry.all_lists().values(), key=lambda spec: spec.name)
        for action in spec.bulk
        if may(request, spec.permission) and may(request, action.permission)
    ]


class ActionFieldSerializer(serializers.Serializer[Any]):
    """One member of ``values``. Without choices it is text, a number, an instant or an object."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # hides a setting of fields
    is_required = serializers.BooleanField()
    choices = serializers.ListField(child=serializers.CharField())


class BulkActionSerializer(serializers.Serializer[Any]):
    """What may be done to many rows of a list, and what must be said for it."""

    list = serializers.CharField()
    action = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # hides a setting of fields
    consequence = serializers.CharField()
    is_dangerous = serializers.BooleanField()
    values = ActionFieldSerializer(many=True)


class BulkRowSerializer(serializers.ModelSerializer[BulkRow]):
    """One row and what came of it. ``id`` is the first of the names that ``ids`` takes."""

    id = serializers.CharField(source="key")

    class Meta:
        model = BulkRow
        fields = ("position", "id", "label", "outcome", "message")


class BulkRunBriefSerializer(serializers.ModelSerializer[BulkRun]):
    """One action on many rows, in a list."""

    id = serializers.CharField(source="public_id")
    list = serializers.CharField(source="list_name")
    state = serializers.ChoiceField(choices=BulkState.choices)
    consequence = serializers.SerializerMethodField()

    class Meta:
        model = BulkRun
        fields: tuple[str, ...] = (
            "id",
            "list",
            "action",
            "consequence",
            "state",
            "row_count",
            "batch_id",
            "created_at",
            "confirmed_at",
            "finished_at",
        )

    def get_consequence(self, run: BulkRun) -> str:
        """What confirming does."""
        spec = registry.find(run.list_name)
        action = spec.bulk_action(run.action) if spec else None
        return str(action.consequence) if action else ""


class BulkRunSerializer(BulkRunBriefSerializer):
    """One action on many rows. ``rows`` are the first hundred, all are under ``rows/``."""

    outcomes = serializers.SerializerMethodField()
    rows = serializers.SerializerMethodField()

    class Meta(BulkRunBriefSerializer.Meta):
        fields = (*BulkRunBriefSerializer.Meta.fields, "outcomes", "rows")

    def get_outcomes(self, run: BulkRun) -> dict[str, int]:
        """How many rows came to what."""
        rows = run.rows.order_by().values_list("outcome").annotate(n=Count("pk"))
        found = dict(rows)
        return {value: found.get(value, 0) for value in BulkOutcome.values}

    @extend_schema_field(BulkRowSerializer(many=True))
    def get_rows(self, run: BulkRun) -> Any:
        """The first hundred."""
        rows = run.rows.order_by("position")[: bulk.AT_ONCE]
        return BulkRowSerializer(rows, many=True).data


class ConfirmInput(Input):
    """What the form of the action asks for, such as ``reason``."""

    values = ObjectField(required=False, default=dict)


class BulkInput(Input):
    """Rows by ``ids``, or all that match ``query`` (as in the address of the list)."""

    list = serializers.CharField(max_length=60, help_text="Name of the list, such as stations")
    action = serializers.CharField(max_length=60)
    ids = serializers.ListField(
        child=serializers.CharField(max_length=64),
        required=False,
        min_length=1,
        max_length=MOST_ROWS,
    )
    query = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    values = ObjectField(required=False, allow_null=True, default=None)
    confirm = serializers.BooleanField(
        default=False, help_text="False: only say what would be affected"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one of the two ways to choose."""
        if ("ids" in attrs) == ("query" in attrs):
            raise serializers.ValidationError({"ids": [_("Give either ids or query.")]})
        return attrs


def _action(request: Request, list_name: str, name: str) -> tuple[ListSpec, BulkAction]:
    spec = registry.find(list_name)
    if spec is None or not may(request, spec.permission):
        raise InvalidInput("no_list", _("There is no such list."), field="list")
    action = spec.bulk_action(name)
    if action is None or not may(request, action.permission):
        raise InvalidInput("no_action", _("This list has no such action for you."), field="action")
    return spec, action


def _own(request: Request) -> QuerySet[BulkRun]:
    rows: QuerySet[BulkRun] = BulkRun.objects.filter(**bulk.caller(request._request))
    return rows.order_by("-id")


class BulkActionList(ScopedView):
    """The actions that the caller may do."""

    permission_classes = [BulkPermission]

    @extend_schema(responses=BulkActionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """By list; ``values`` says what must be said."""
        found = [
            {
                "list": spec.name,
                "action": action.name,
                "label": str(action.label),
                "consequence": str(action.consequence),
                "is_dangerous": action.is_dangerous,
                "values": described(action, request._request),
            }
            for spec, action in _possible(request)
        ]
        return Response(BulkActionSerializer(found, many=True).data)


class BulkRunList(ListView):
    """The caller's own bulk actions, newest first; POST begins one."""

    permission_classes = [BulkPermission]
    serializer_class = BulkRunBriefSerializer

    def rows(self) -> QuerySet[BulkRun]:
        """Of this token, or this person."""
        return _own(self.request)

    @extend_schema(request=BulkInput, responses={201: BulkRunSerializer})
    def post(self, request: Request) -> Response:
        """Choose rows. Nothing is done before it is confirmed, here or at ``confirm/``."""
        given = BulkInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        spec, action = _action(request, wanted["list"], wanted["action"])
        plain = request._request
        data = None
        if wanted["confirm"] or wanted["values"] is not None:
            _form, data = form_of(action, plain, wanted["values"] or {})
        ids, query = wanted.get("ids"), wanted.get("query", "")
        run = bulk.begin(
            request=plain,
            spec=spec,
            action_name=action.name,
            choose=lambda: (
                of_query(plain, spec, query) if ids is None else of_ids(plain, spec, ids)
            ),
        )
        if wanted["confirm"] and data is not None:
            bulk.confirm(run=run, action=action, data=data, request=plain)
            run.refresh_from_db()
        return Response(BulkRunSerializer(run).data, status=201)


class BulkRunDetail(DetailView):
    """One bulk action of the caller's own."""

    permission_classes = [BulkPermission]
    serializer_class = BulkRunSerializer

    def get_object(self) -> BulkRun:
        """It, or 404."""
        return get_object_or_404(_own(self.request), public_id=self.kwargs["ref"])


class BulkRunRows(ListView):
    """All rows of a bulk action."""

    permission_classes = [BulkPermission]
    serializer_class = BulkRowSerializer

    def rows(self) -> QuerySet[BulkRow]:
        """In their order; of one outcome with ``outcome``."""
        run = get_object_or_404(_own(self.request), public_id=self.kwargs["ref"])
        rows: QuerySet[BulkRow] = BulkRow.objects.filter(run=run).order_by("position")
        wanted = self.request.query_params.get("outcome")
        if wanted and wanted not in BulkOutcome.values:
            raise serializers.ValidationError({"outcome": [_("There is no such outcome.")]})
        return rows.filter(outcome=wanted) if wanted else rows

    @extend_schema(
        parameters=[OpenApiParameter("outcome", str, enum=BulkOutcome.values)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """In their order."""
        return super().get(request, *args, **kwargs)


class BulkRunConfirmation(ScopedView):
    """POST does what was chosen."""

    permission_classes = [BulkPermission]

    @extend_schema(request=ConfirmInput, responses=BulkRunSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Up to a hundred rows are done before the answer, more soon after; 409 a second time."""
        run = get_object_or_404(_own(request), public_id=ref)
        given = ConfirmInput(data=request.data)
        given.is_valid(raise_exception=True)
        _spec, action = _action(request, run.list_name, run.action)
        plain = request._request
        _form, data = form_of(action, plain, given.validated_data["values"])
        if not bulk.confirm(run=run, action=action, data=data, request=plain):
            raise RuleViolation(
                "confirmed_before", _("This was confirmed before; it is not done again.")
            )
        run.refresh_from_db()
        return Response(BulkRunSerializer(run).data)


urls = [
    address("bulk-actions", BulkActionList, "bulk_actions"),
    address("bulk-runs", BulkRunList, "bulk_runs"),
    address("bulk-runs/{ref}", BulkRunDetail, "bulk_run"),
    address("bulk-runs/{ref}/rows", BulkRunRows, "bulk_run_rows"),
    address("bulk-runs/{ref}/confirm", BulkRunConfirmation, "bulk_run_confirm"),
]
