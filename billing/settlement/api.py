"""REST: statements of hosts, what they counted, and the terms behind them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts.selectors import accounts
from billing.sellers.selectors import sellers
from billing.settlement import selectors
from billing.settlement.issuing import issue_seen, record_host_invoice
from billing.settlement.lists import StatementFilter, StatementItemFilter
from billing.settlement.mailing import LETTER, send_statement
from billing.settlement.models import Statement, StatementItem, StatementLine
from billing.settlement.statement_pdf import statement_name, statement_pdf
from billing.settlement.term_models import Direction, HostTerm, HostTerms, Rhythm, TermKind
from billing.settlement.term_services import NewTerm, NewTerms, end_terms, set_terms
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from core.files.serving import pdf_response
from core.letters.api import MailedLetterSerializer
from core.letters.models import Letter
from core.letters.selectors import letters_about
from stations.hardware.models import Station
from stations.sites.models import Site
from stations.sites.selectors import sites

LANGUAGES: Final = ("sv", "en")


class StatementSerializer(serializers.ModelSerializer[Statement]):
    """A statement; host, site and seller by public id, ``state`` as lists show it."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="site.public_id")
    host = serializers.CharField(source="host.public_id")
    seller = serializers.CharField(source="seller.public_id")
    state = serializers.CharField(source="shown_state")
    invoice = serializers.CharField(source="invoice.public_id", allow_null=True, default=None)
    carried_by = serializers.CharField(source="carried_by.public_id", allow_null=True, default=None)

    class Meta:
        model = Statement
        fields = (
            "id", "site", "host", "seller", "form", "state", "route", "period_from_on",
            "period_until_on", "currency", "host_is_vat_registered", "self_billing_agreed_on",
            "minimum_payout_amount", "session_count", "energy_wh", "revenue_net",
            "credited_net", "net", "tax", "gross", "fee_net", "invoice", "host_invoice_number",
            "host_invoice_on", "issued_on", "owed_on", "paid_on", "carried_by", "prepared_at",
        )  # fmt: skip


class StatementLineSerializer(serializers.ModelSerializer[StatementLine]):
    """A line: ``quantity`` of ``unit`` (empty: money) times ``rate``."""

    station = serializers.CharField(source="station.public_id", allow_null=True, default=None)
    carries = serializers.CharField(source="carries.public_id", allow_null=True, default=None)
    manual_item = serializers.CharField(
        source="manual_item.public_id", allow_null=True, default=None
    )

    class Meta:
        model = StatementLine
        fields = (
            "position", "kind", "direction", "text", "is_late", "station", "from_on", "until_on",
            "quantity", "unit", "rate", "amount", "tax_percent", "carries", "manual_item",
        )  # fmt: skip


class StatementDetailSerializer(StatementSerializer):
    """A statement with its lines and what to know of it."""

    lines = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()

    class Meta:
        model = Statement
        fields = (*StatementSerializer.Meta.fields, "lines", "findings")

    @extend_schema(responses=StatementLineSerializer(many=True))
    def get_lines(self, row: Statement) -> list[dict[str, Any]]:
        """In their order."""
        rows = row.lines.select_related("station", "carries", "manual_item").order_by("position")
        return list(StatementLineSerializer(rows, many=True).data)

    def get_findings(self, row: Statement) -> list[str]:
        """Sentences."""
        return [str(one) for one in row.said]


class StatementItemSerializer(serializers.ModelSerializer[StatementItem]):
    """A session, or a month's cost of energy, that a statement counts; or what changed of it."""

    statement = serializers.CharField(source="statement.public_id")
    session = serializers.CharField(source="session.public_id", allow_null=True, default=None)
    station = serializers.CharField(source="station.public_id", allow_null=True, default=None)
    credit_note = serializers.CharField(
        source="credit_note.public_id", allow_null=True, default=None
    )

    class Meta:
        model = StatementItem
        fields = (
            "key", "statement", "session", "station", "credit_note", "counted_on", "is_late",
            "energy_wh", "sessions", "energy_net", "net", "cost",
        )  # fmt: skip


class StatementIssueSerializer(Input):
    """Why; kept in the audit trail."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class HostInvoiceSerializer(Input):
    """The invoice that the host sent."""

    number = serializers.CharField(max_length=40)
    invoiced_on = serializers.DateField()
    net = serializers.DecimalField(max_digits=16, decimal_places=2)
    tax = serializers.DecimalField(max_digits=16, decimal_places=2, min_value=0)


class HostTermSerializer(serializers.ModelSerializer[HostTerm]):
    """One term: a percentage for shares and costs, else an amount per unit without VAT."""

    class Meta:
        model = HostTerm
        fields = ("kind", "direction", "rate", "tax_percent", "text")


class HostTermsSerializer(serializers.ModelSerializer[HostTerms]):
    """Terms of a host at a site, or at one of its stations."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="site.public_id")
    host = serializers.CharField(source="host.public_id")
    station = serializers.CharField(source="station.public_id", allow_null=True, default=None)
    fee_account = serializers.CharField(
        source="fee_account.public_id", allow_null=True, default=None
    )
    lines = HostTermSerializer(many=True)

    class Meta:
        model = HostTerms
        fields = (
            "id", "site", "host", "station", "rhythm", "currency", "fee_account",
            "sets_off_fees", "note", "valid_from_on", "valid_until_on", "lines",
        )  # fmt: skip


class HostTermWriteSerializer(Input):
    """One term to be entered."""

    kind = serializers.ChoiceField(choices=TermKind.choices)
    direction = serializers.ChoiceField(choices=Direction.choices)
    rate = serializers.DecimalField(max_digits=16, decimal_places=6)
    tax_percent = serializers.DecimalField(max_digits=5, decimal_places=2, default=Decimal(25))
    text = serializers.CharField(max_length=120, allow_blank=True, default="")


class HostTermsWriteSerializer(Input):
    """Terms from a day on."""

    host = serializers.CharField(max_length=24)
    station = serializers.CharField(max_length=24, allow_null=True, default=None)
    from_on = serializers.DateField()
    rhythm = serializers.ChoiceField(choices=Rhythm.choices, default=Rhythm.MONTH)
    currency = serializers.CharField(
        min_length=3, max_length=3, required=False, help_text="Without: that of the operator."
    )
    fee_account = serializers.CharField(max_length=24, allow_null=True, default=None)
    sets_off_fees = serializers.BooleanField(default=False)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")
    lines = HostTermWriteSerializer(many=True)
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class HostTermsEndSerializer(Input):
    """The first day without the terms."""

    from_on = serializers.DateField()
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


def found(ref: str) -> Statement:
    """A statement of the caller's operator, or 404."""
    statement: Statement = get_object_or_404(selectors.statements(), public_id=ref)
    return statement


class StatementList(ListView):
    """Statements of hosts."""

    read_permission = Permission.SETTLEMENT_VIEW
    serializer_class = StatementSerializer
    filterset_class = StatementFilter

    def rows(self) -> QuerySet[Statement]:
        """The latest period first."""
        return selectors.statements()


class StatementDetail(DetailView):
    """One statement with its lines."""

    read_permission = Permission.SETTLEMENT_VIEW
    serializer_class = StatementDetailSerializer

    def get_object(self) -> Statement:
        """By its public id."""
        return found(self.kwargs["ref"])


class StatementItems(ListView):
    """What statements counted."""

    read_permission = Permission.SETTLEMENT_VIEW
    serializer_class = StatementItemSerializer
    filterset_class = StatementItemFilter

    def rows(self) -> QuerySet[StatementItem]:
        """Of the caller's operator; filter by ``statement``."""
        return selectors.items()


class StatementPdf(ScopedView):
    """A statement on paper."""

    read_permission = Permission.SETTLEMENT_VIEW

    @extend_schema(
        parameters=[
            OpenApiParameter("language", str, enum=LANGUAGES, description="Else the host's own.")
        ],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, ref: str) -> HttpResponse:
        """With the sessions behind it; 422 for another language."""
        statement = found(ref)
        language = request.query_params.get("language") or selectors.host_language(statement)
        if language not in LANGUAGES:
            raise InvalidInput("language", _("Choose sv or en."), field="language")
        return pdf_response(statement_pdf(statement, language=language), statement_name(statement))


class StatementSend(ScopedView):
    """POST sends an issued statement to its host by mail."""

    write_permission = Permission.SETTLEMENT_ISSUE

    @extend_schema(request=None, responses=MailedLetterSerializer(many=True))
    def post(self, request: Request, ref: str) -> Response:
        """Answers with all mails about it; 409 for a draft, or a host without an address."""
        send_statement(statement=found(ref))
        return Response(MailedLetterSerializer(letters_about(LETTER, ref), many=True).data)


class StatementLetterList(ListView):
    """The mails with a statement, and what became of them."""

    read_permission = Permission.SETTLEMENT_VIEW
    serializer_class = MailedLetterSerializer

    def rows(self) -> QuerySet[Letter]:
        """The latest first."""
        return letters_about(LETTER, found(self.kwargs["ref"]).public_id)


class StatementIssue(ScopedView):
    """POST issues a draft."""

    write_permission = Permission.SETTLEMENT_ISSUE

    @extend_schema(request=StatementIssueSerializer, responses=StatementDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 when what is settled has changed: the draft is made anew, look at it again."""
        given = StatementIssueSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        issue_seen(statement=found(ref), reason=given.validated_data["reason"])
        return Response(StatementDetailSerializer(found(ref)).data)


class StatementHostInvoice(ScopedView):
    """POST notes the invoice that the host sent."""

    write_permission = Permission.SETTLEMENT_ISSUE

    @extend_schema(request=HostInvoiceSerializer, responses=StatementDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """422 when its net amount is not that of the statement."""
        statement = found(ref)
        given = HostInvoiceSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        record_host_invoice(statement=statement, **given.validated_data)
        return Response(StatementDetailSerializer(found(ref)).data)


class SiteHostTerms(ScopedView):
    """The terms of the hosts of a site; POST lets others hold from a day on."""

    read_permission = Permission.SETTLEMENT_VIEW
    write_permission = Permission.SETTLEMENT_EDIT

    @extend_schema(operation_id="site_host_terms", responses=HostTermsSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """Whenever they hold."""
        return self._shown(get_object_or_404(sites(), public_id=ref))

    @extend_schema(request=HostTermsWriteSerializer, responses=HostTermsSerializer(many=True))
    def post(self, request: Request, ref: str) -> Response:
        """Those that hold then end the day before; 409 for days that were settled."""
        site = get_object_or_404(sites(), public_id=ref)
        given = HostTermsWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        account = _one(accounts(), values["fee_account"], "fee_account")
        host = _one(sellers(), values["host"], "host")
        assert host is not None
        set_terms(
            site=site,
            host=host,
            station=_one(Station.objects.filter(site=site), values["station"], "station"),
            from_on=values["from_on"],
            new=NewTerms(
                lines=[NewTerm(**line) for line in values["lines"]],
                rhythm=values["rhythm"],
                currency=values.get("currency", site.operator.currency).upper(),
                fee_account=account,
                sets_off_fees=values["sets_off_fees"],
                note=values["note"],
            ),
            reason=values["reason"],
        )
        return self._shown(site)

    def _shown(self, site: Site) -> Response:
        rows = selectors.host_terms().filter(site=site)
        return Response(HostTermsSerializer(rows, many=True).data)


def _one(rows: QuerySet[Any], ref: str | None, name: str) -> Any:
    """The row that a public id names; InvalidInput where there is none."""
    if ref is None:
        return None
    row = rows.filter(public_id=ref).first()
    if row is None:
        raise InvalidInput("unknown", _("There is nothing with this id."), field=name)
    return row


class HostTermsEnd(ScopedView):
    """POST ends terms from a day on."""

    write_permission = Permission.SETTLEMENT_EDIT

    @extend_schema(request=HostTermsEndSerializer, responses=HostTermsSerializer(many=True))
    def post(self, request: Request, ref: str) -> Response:
        """409 for days that were settled."""
        terms: HostTerms = get_object_or_404(selectors.host_terms(), public_id=ref)
        given = HostTermsEndSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        site, host, station = terms.site, terms.host, terms.station
        end_terms(site=site, host=host, station=station, **given.validated_data)
        rows = selectors.host_terms().filter(site=site)
        return Response(HostTermsSerializer(rows, many=True).data)


urls = [
    address("statements", StatementList, "statements"),
    address("statements/{ref}", StatementDetail, "statement"),
    address("statements/{ref}/pdf", StatementPdf, "statement_pdf"),
    address("statements/{ref}/send", StatementSend, "statement_send"),
    address("statements/{ref}/letters", StatementLetterList, "statement_letters"),
    address("statements/{ref}/issue", StatementIssue, "statement_issue"),
    address("statements/{ref}/host-invoice", StatementHostInvoice, "statement_host_invoice"),
    address("statement-items", StatementItems, "statement_items"),
    address("sites/{ref}/host-terms", SiteHostTerms, "site_host_terms"),
    address("host-terms/{ref}/end", HostTermsEnd, "host_terms_end"),
]
