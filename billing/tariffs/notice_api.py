"""REST: price notices, their letters, the rules, and giving many sites a price."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts.models import PriceGroup
from billing.tariffs import notice_services as services
from billing.tariffs.assigning import Target
from billing.tariffs.notice import MOST_DAYS
from billing.tariffs.notice_lists import LetterFilter, NoticeFilter, letters, notices
from billing.tariffs.notice_models import NoticeDelivery, PriceNotice
from billing.tariffs.page import tariff_or_404
from billing.tariffs.rolling_out import RollOut, roll_out
from billing.tariffs.serializers import WhySerializer
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from stations.hardware.choices import ConnectorType
from stations.sites.models import Site


class NoticeSerializer(serializers.ModelSerializer[PriceNotice]):
    """A notice with how many of its letters are where; ``version`` null: of an assignment.
    ``takes_back``: the notice whose readers are told that the price does not come."""

    id = serializers.CharField(source="public_id")
    tariff = serializers.CharField(source="tariff.public_id")
    tariff_name = serializers.CharField(source="tariff.name")
    version = serializers.IntegerField(source="version.number", default=None)
    takes_back = serializers.CharField(source="takes_back.public_id", default=None)
    assignments = serializers.ListField(child=serializers.CharField())
    sent = serializers.IntegerField(source="sent_count")
    waits = serializers.IntegerField(source="queued_count")
    failed = serializers.IntegerField(source="failed_count")
    no_address = serializers.IntegerField(source="no_address_count")
    cancelled = serializers.IntegerField(source="cancelled_count")

    class Meta:
        model = PriceNotice
        fields = (
            "id",
            "tariff",
            "tariff_name",
            "version",
            "takes_back",
            "assignments",
            "takes_effect_at",
            "notice_days",
            "send_at",
            "is_short",
            "state",
            "sent",
            "waits",
            "failed",
            "no_address",
            "cancelled",
            "reason",
            "created_by",
            "created_at",
            "done_at",
        )


class LetterSerializer(serializers.ModelSerializer[NoticeDelivery]):
    """A letter: the proof of what was sent, to whom, when and where to."""

    id = serializers.CharField(source="public_id")
    notice = serializers.CharField(source="notice.public_id")
    account = serializers.CharField(source="account.public_id")

    class Meta:
        model = NoticeDelivery
        fields = (
            "id",
            "notice",
            "account",
            "account_name",
            "address",
            "language",
            "state",
            "sender",
            "subject",
            "body",
            "message_id",
            "attempts",
            "error",
            "next_try_at",
            "sent_at",
            "created_at",
        )


class NoticeRulesSerializer(serializers.Serializer[Any]):
    """How many days before a new price customers are told; 0: they are not."""

    notice_days = serializers.IntegerField()


class NoticeRulesWriteSerializer(Input):
    """Other days."""

    notice_days = serializers.IntegerField(min_value=0, max_value=MOST_DAYS)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class RollOutInputSerializer(Input):
    """The sites, from when (null: now), and whether the draft (``sha256``) is published then."""

    sites = serializers.ListField(child=serializers.CharField(max_length=24), max_length=5000)
    connector_type = serializers.ChoiceField(
        choices=ConnectorType.choices, required=False, allow_blank=True, default=""
    )
    price_group = serializers.CharField(
        max_length=24, required=False, allow_null=True, default=None
    )
    starts_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    publishes_draft = serializers.BooleanField(required=False, default=False)
    sha256 = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")
    accepts_short_notice = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class RollOutSerializer(serializers.Serializer[RollOut]):
    """What was done: ids of assignments, the version published, the notice."""

    assigned = serializers.SerializerMethodField()
    ended = serializers.SerializerMethodField()
    kept = serializers.SerializerMethodField()
    version = serializers.IntegerField(source="version.number", default=None)
    notice = serializers.CharField(source="notice.public_id", default=None)

    def get_assigned(self, done: RollOut) -> list[str]:
        """New ones."""
        return [row.public_id for row in done.assigned]

    def get_ended(self, done: RollOut) -> list[str]:
        """Those that made room."""
        return [row.public_id for row in done.ended]

    def get_kept(self, done: RollOut) -> list[str]:
        """Those that said so already."""
        return [row.public_id for row in done.kept]


class NoticeList(ListView):
    """All price notices, the latest start first."""

    read_permission = Permission.ACCOUNT_VIEW
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter

    def rows(self) -> QuerySet[PriceNotice]:
        """Notices of the caller's operator."""
        return notices()


class NoticeDetail(DetailView):
    """One price notice."""

    read_permission = Permission.ACCOUNT_VIEW
    serializer_class = NoticeSerializer

    def get_object(self) -> PriceNotice:
        """The notice, or 404."""
        return get_object_or_404(notices(), public_id=self.kwargs["ref"])


class NoticeSendAgain(ScopedView):
    """POST tries letters that failed once more."""

    write_permission = Permission.TARIFF_EDIT

    @extend_schema(request=WhySerializer, responses=NoticeSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """All that failed, at their old addresses; 409 when none has."""
        given = WhySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        notice = get_object_or_404(notices(), public_id=ref)
        services.send_again(notice=notice, **given.validated_data)
        return Response(NoticeSerializer(get_object_or_404(notices(), public_id=ref)).data)


class LetterList(ListView):
    """Letters of all notices."""

    read_permission = Permission.ACCOUNT_VIEW
    serializer_class = LetterSerializer
    filterset_class = LetterFilter

    def rows(self) -> QuerySet[NoticeDelivery]:
        """Letters of the caller's operator."""
        return letters()


class LetterDetail(DetailView):
    """One letter with its text."""

    read_permission = Permission.ACCOUNT_VIEW
    serializer_class = LetterSerializer

    def get_object(self) -> NoticeDelivery:
        """The letter, or 404."""
        return get_object_or_404(letters(), public_id=self.kwargs["ref"])


class NoticeRulesView(ScopedView):
    """How long before a new price customers are told."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.TARIFF_EDIT

    @extend_schema(responses=NoticeRulesSerializer)
    def get(self, request: Request) -> Response:
        """The days."""
        return Response(NoticeRulesSerializer(services.rules_for(operator_of(request))).data)

    @extend_schema(request=NoticeRulesWriteSerializer, responses=NoticeRulesSerializer)
    def put(self, request: Request) -> Response:
        """Other days; notices that are scheduled keep theirs."""
        given = NoticeRulesWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rules = services.change_rules(operator=operator_of(request), **given.validated_data)
        return Response(NoticeRulesSerializer(rules).data)


class TariffRollOut(ScopedView):
    """POST gives many sites a price from one instant."""

    write_permission = Permission.TARIFF_EDIT

    @extend_schema(request=RollOutInputSerializer, responses=RollOutSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """All sites or none; 409 when customers would be told too late, unless accepted."""
        tariff = tariff_or_404(ref)
        given = RollOutInputSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        values["sites"] = _sites(values["sites"])
        target = Target(
            connector_type=values.pop("connector_type"),
            price_group=_group(values.pop("price_group")),
        )
        done = roll_out(tariff=tariff, target=target, digest=values.pop("sha256"), **values)
        return Response(RollOutSerializer(done).data)


def _sites(refs: list[str]) -> list[Site]:
    found = list(Site.objects.filter(public_id__in=refs))
    unknown = set(refs) - {site.public_id for site in found}
    if unknown:
        raise InvalidInput("unknown_site", ", ".join(sorted(unknown))[:500], field="sites")
    return found


def _group(ref: str | None) -> PriceGroup | None:
    if ref is None:
        return None
    found: PriceGroup | None = PriceGroup.objects.filter(public_id=ref).first()
    if found is None:
        raise InvalidInput("unknown_price_group", ref, field="price_group")
    return found


urls = [
    address("price-notices", NoticeList, "price_notices"),
    address("price-notices/{ref}", NoticeDetail, "price_notice"),
    address("price-notices/{ref}/send-again", NoticeSendAgain, "price_notice_send_again"),
    address("price-notice-letters", LetterList, "notice_deliveries"),
    address("price-notice-letters/{ref}", LetterDetail, "notice_delivery"),
    address("price-notice-rules", NoticeRulesView, "price_notice_rules"),
    address("tariffs/{ref}/roll-out", TariffRollOut, "tariff_roll_out"),
]
