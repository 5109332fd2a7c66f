"""REST: the review queue, decisions, and the rules."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.rating.models import SessionBilling
from billing.rating.session_facts import Correction
from billing.review import decisions, selectors
from billing.review.filters import ReviewFilter
from billing.review.models import Decision, DecisionKind, DecisionState, Hold, ReviewRules
from billing.review.reasons import name_of, sentence
from billing.review.rules import change_rules, rules_for
from billing.review.services import request_retry
from core.accounts.models import ApiToken
from core.accounts.permissions import Permission
from core.api.fields import ReasonSerializer
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import RuleViolation
from stations.sessions.findings import TEXTS


class HoldSerializer(serializers.ModelSerializer[Hold]):
    """A reason; ``name`` and ``text`` in the language of the caller."""

    name = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()

    class Meta:
        model = Hold
        fields = ("code", "group", "name", "text", "params", "opened_at", "closed_at", "end")

    def get_name(self, hold: Hold) -> str:
        """In a few words."""
        return name_of(hold.code)

    def get_text(self, hold: Hold) -> str:
        """As a sentence."""
        return sentence(hold.code, hold.params)


class HeldSerializer(serializers.ModelSerializer[SessionBilling]):
    """A held session; ``gross`` is what is at stake, null without a price."""

    id = serializers.CharField(source="session.public_id")
    site = serializers.CharField(source="session.station.site.public_id")
    station = serializers.CharField(source="session.station.public_id")
    started_at = serializers.DateTimeField(source="session.started_at", allow_null=True)
    stopped_at = serializers.DateTimeField(source="session.stopped_at", allow_null=True)
    energy_wh = serializers.DecimalField(
        source="session.energy_wh", max_digits=16, decimal_places=4, allow_null=True
    )
    held_since_at = serializers.DateTimeField(allow_null=True)
    gross = serializers.DecimalField(max_digits=16, decimal_places=4, allow_null=True)
    currency = serializers.CharField(allow_null=True)
    waits_for_second = serializers.SerializerMethodField()
    why = serializers.ListField(
        child=serializers.CharField(),
        source="reasons",
        read_only=True,
        help_text="Who pays and by which tariff, in the language of the caller",
    )
    reasons = HoldSerializer(source="open_holds", many=True)

    class Meta:
        model = SessionBilling
        fields = (
            "id", "state", "site", "station", "started_at", "stopped_at", "energy_wh",
            "held_since_at", "gross", "currency", "waits_for_second", "why", "correction",
            "reasons",
        )  # fmt: skip

    def get_waits_for_second(self, row: Any) -> bool:
        """Whether a decision waits for another person."""
        return bool(row.proposals)


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """What was decided; proposed ones wait for a second person, who agrees on the page."""

    session = serializers.CharField(source="billing.session.public_id")

    class Meta:
        model = Decision
        fields = (
            "session", "kind", "state", "reason", "correction", "gross", "currency",
            "needs_second", "proposed_label", "proposed_at", "answered_label", "answered_at",
            "answer",
        )  # fmt: skip


class DecisionWriteSerializer(Input):
    """A decision; for ``correct`` also what is right."""

    kind = serializers.ChoiceField(choices=DecisionKind.choices)
    reason = serializers.CharField(max_length=500)
    energy_wh = serializers.DecimalField(
        max_digits=14, decimal_places=4, min_value=0, required=False, allow_null=True
    )
    started_at = serializers.DateTimeField(required=False, allow_null=True)
    stopped_at = serializers.DateTimeField(required=False, allow_null=True)


class ReviewList(ListView):
    """Held sessions, the longest held first."""

    read_permission = Permission.REVIEW_VIEW
    serializer_class = HeldSerializer
    filterset_class = ReviewFilter

    def rows(self) -> QuerySet[SessionBilling]:
        """Those of the caller's operator."""
        return selectors.queue()


class ReviewDetail(DetailView):
    """One held session."""

    read_permission = Permission.REVIEW_VIEW
    serializer_class = HeldSerializer

    def get_object(self) -> SessionBilling:
        """The caller's own, or 404 when it is not held."""
        return get_object_or_404(selectors.queue(), session__public_id=self.kwargs["ref"])


class ReasonCountSerializer(serializers.Serializer[Any]):
    """How many sessions one reason holds, and what they come to."""

    code = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField()
    sessions = serializers.IntegerField()
    gross = serializers.DecimalField(max_digits=24, decimal_places=4)
    currency = serializers.CharField()
    oldest_at = serializers.DateTimeField()


class ReviewReasons(ScopedView):
    """The queue by reason."""

    read_permission = Permission.REVIEW_VIEW

    @extend_schema(responses=ReasonCountSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The most frequent reason first."""
        return Response(ReasonCountSerializer(selectors.reason_counts(), many=True).data)


class ReviewDecisions(ScopedView):
    """Decisions about one session; POST takes one."""

    read_permission = Permission.REVIEW_VIEW
    write_permission = Permission.REVIEW_DECIDE

    @extend_schema(responses=DecisionSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """The newest first."""
        row = get_object_or_404(selectors.billings(), session__public_id=ref)
        rows = selectors.decisions(row).select_related("billing__session")
        return Response(DecisionSerializer(rows, many=True).data)

    @extend_schema(request=DecisionWriteSerializer, responses={201: DecisionSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Accept, correct, waive or drop; 409 in another state or for too large an amount."""
        row = get_object_or_404(selectors.billings(), session__public_id=ref)
        given = DecisionWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = {**given.validated_data}
        kind, reason = DecisionKind(values.pop("kind")), values.pop("reason")
        decision = decisions.decide(
            billing=row, kind=kind, reason=reason, correction=Correction(**values)
        )
        return Response(DecisionSerializer(decision).data, status=201)


class AnswerSerializer(Input):
    """Whether the second person agrees; a refusal says why."""

    agrees = serializers.BooleanField()
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ReviewAnswer(ScopedView):
    """POST answers a decision that waits for a second person; a token cannot."""

    write_permission = Permission.REVIEW_DECIDE

    @extend_schema(request=AnswerSerializer, responses=DecisionSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Agree or refuse; 409 for the person who proposed it and for API tokens."""
        row = get_object_or_404(selectors.billings(), session__public_id=ref)
        waiting = get_object_or_404(selectors.decisions(row), state=DecisionState.PROPOSED)
        given = AnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        if isinstance(request.auth, ApiToken):
            raise RuleViolation("person_needed", str(decisions.PERSON_NEEDED))
        by: Any = request.user
        if given.validated_data["agrees"]:
            answered = decisions.agree(decision=waiting, by=by)
        else:
            answered = decisions.refuse(
                decision=waiting, by=by, reason=given.validated_data["reason"]
            )
        return Response(DecisionSerializer(answered).data)


class ReviewRetry(ScopedView):
    """POST has a session rated again, soon."""

    write_permission = Permission.REVIEW_DECIDE

    @extend_schema(request=ReasonSerializer, responses={202: None})
    def post(self, request: Request, ref: str) -> Response:
        """With the tariffs, accounts and readings of now."""
        row = get_object_or_404(selectors.billings(), session__public_id=ref)
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        request_retry(billing=row, **given.validated_data)
        return Response(status=202)


_LIMITS = (
    "max_energy_wh", "max_duration_h", "max_gross", "max_price_per_kwh", "max_idle_fee",
    "zero_cost_above_wh", "needs_account", "trusted_codes", "four_eyes_above",
)  # fmt: skip


class RulesSerializer(serializers.ModelSerializer[ReviewRules]):
    """The operator's limits; amounts in its currency, with VAT."""

    class Meta:
        model = ReviewRules
        fields = _LIMITS


class RulesWriteSerializer(Input):
    """What is to change, and why."""

    max_energy_wh = serializers.IntegerField(min_value=0, max_value=2_000_000_000, required=False)
    max_duration_h = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    max_gross = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )
    max_price_per_kwh = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )
    max_idle_fee = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )
    zero_cost_above_wh = serializers.IntegerField(
        min_value=0, max_value=2_000_000_000, required=False
    )
    needs_account = serializers.BooleanField(required=False)
    trusted_codes = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(TEXTS)), required=False
    )
    four_eyes_above = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class Rules(ScopedView):
    """The operator's rules of review."""

    read_permission = Permission.REVIEW_VIEW
    write_permission = Permission.REVIEW_DECIDE

    @extend_schema(responses=RulesSerializer)
    def get(self, request: Request) -> Response:
        """As they are."""
        return Response(RulesSerializer(rules_for(operator_of(request))).data)

    @extend_schema(request=RulesWriteSerializer, responses=RulesSerializer)
    def patch(self, request: Request) -> Response:
        """Change what is given; what is held stays held until it is rated again."""
        given = RulesWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rules = change_rules(operator=operator_of(request), **given.validated_data)
        return Response(RulesSerializer(rules).data)


urls = [
    address("review", ReviewList, "review"),
    address("review-reasons", ReviewReasons, "review_reasons"),
    address("review-rules", Rules, "review_rules"),
    address("review/{ref}", ReviewDetail, "held_session"),
    address("review/{ref}/decisions", ReviewDecisions, "review_decisions"),
    address("review/{ref}/answer", ReviewAnswer, "review_answer"),
    address("review/{ref}/retry", ReviewRetry, "review_retry"),
]
