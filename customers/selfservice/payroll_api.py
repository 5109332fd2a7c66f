"""REST for who looks after a company: the basis of wages, its rules, and charging at home."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts.dated import operator_day
from billing.spot.areas import AREAS
from core.api.inputs import Input
from core.errors import InvalidInput
from core.months import first_day, month_of
from customers.companies.models import Company
from customers.drivers.models import VehicleUse
from customers.payroll.models import PayrollRule, Place, RuleModel
from customers.payroll.selectors import Home, basis_of, home_of
from customers.payroll.services import add_rule, decide_home, remove_rule
from customers.payroll.words import HELD_BACK
from customers.selfservice.api import MyView, my_address

_MONTH = OpenApiParameter("month", OpenApiTypes.STR, description="2026-11; else this month")


class PayrollRowSerializer(serializers.Serializer[Any]):
    """An employee with a vehicle and a pay code; ``held_back``: why the amounts that are null are
    not known (``unpriced``, ``undecided``), else empty."""

    employee_number = serializers.CharField()
    name = serializers.CharField()
    registration_number = serializers.CharField()
    vehicle_use = serializers.CharField()
    period = serializers.CharField()
    kwh_workplace = serializers.DecimalField(max_digits=16, decimal_places=3)
    kwh_home = serializers.DecimalField(max_digits=16, decimal_places=3)
    kwh_public = serializers.DecimalField(max_digits=16, decimal_places=3)
    home_gross = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    public_gross = serializers.DecimalField(max_digits=16, decimal_places=2)
    reimbursement = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    currency = serializers.CharField()
    pay_code = serializers.CharField()
    cost_centre = serializers.CharField()
    count = serializers.IntegerField()
    held_back = serializers.ChoiceField(choices=list(HELD_BACK.items()), allow_blank=True)


class PayrollSerializer(serializers.Serializer[Any]):
    """A month; ``waiting``: sessions at home without a decision; ``unpriced``: with no amount."""

    rows = PayrollRowSerializer(many=True)
    waiting = serializers.IntegerField()
    unpriced = serializers.IntegerField()


class PayrollRuleSerializer(serializers.ModelSerializer[PayrollRule]):
    """What the company pays from a day on."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = PayrollRule
        fields = (
            "id", "place", "vehicle_use", "model", "per_kwh", "area", "grid_per_kwh",
            "tax_per_kwh", "vat_percent", "currency", "pay_code", "valid_from_on",
        )  # fmt: skip


class PayrollRuleWriteSerializer(Input):
    """A new rule."""

    place = serializers.ChoiceField(choices=Place.choices)
    vehicle_use = serializers.ChoiceField(
        choices=VehicleUse.choices, required=False, default="", allow_blank=True
    )
    model = serializers.ChoiceField(choices=RuleModel.choices)
    per_kwh = serializers.DecimalField(
        max_digits=10, decimal_places=6, min_value=0, required=False, allow_null=True
    )
    area = serializers.ChoiceField(
        choices=[(one, one) for one in AREAS], required=False, default="", allow_blank=True
    )
    grid_per_kwh = serializers.DecimalField(
        max_digits=10, decimal_places=6, min_value=0, required=False, default=Decimal(0)
    )
    tax_per_kwh = serializers.DecimalField(
        max_digits=10, decimal_places=6, min_value=0, required=False, default=Decimal(0)
    )
    vat_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False,
        default=Decimal(25),
    )  # fmt: skip
    pay_code = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    valid_from_on = serializers.DateField()


class HomeSessionSerializer(serializers.Serializer[Any]):
    """A session at home, what the rules pay, and what was decided (null: nothing yet)."""

    session = serializers.CharField(source="session.public_id")
    name = serializers.CharField(source="charged.name")
    registration_number = serializers.CharField(source="charged.registration_number")
    day = serializers.DateField(source="charged.day")
    energy_wh = serializers.DecimalField(
        source="charged.energy_wh", max_digits=16, decimal_places=4
    )
    amount = serializers.DecimalField(
        source="paid.amount", max_digits=12, decimal_places=2, allow_null=True
    )
    currency = serializers.CharField(source="paid.currency")
    is_approved = serializers.SerializerMethodField()
    approved_amount = serializers.SerializerMethodField()

    def get_is_approved(self, one: Home) -> bool | None:
        """The decision that counts."""
        return one.decision.is_approved if one.decision is not None else None

    def get_approved_amount(self, one: Home) -> str | None:
        """What is paid by it."""
        return f"{one.decision.amount:.2f}" if one.decision is not None else None


class HomeDecisionWriteSerializer(Input):
    """Which sessions of a month, and what about them; to refuse needs a reason."""

    month = serializers.RegexField(r"^\d{4}-\d{2}$")
    sessions = serializers.ListField(child=serializers.CharField(max_length=24), max_length=1000)
    is_approved = serializers.BooleanField()
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class CompanyView(MyView):
    """Of who looks after a company; 404 for others."""

    @property
    def company(self) -> Company:
        """The company."""
        if self.customer.company is None:
            raise Http404
        return self.customer.company

    def month(self, text: str) -> date:
        """The first day of a month; this one without a text."""
        if not text:
            return first_day(operator_day(self.customer.operator))
        found = month_of(text)
        if found is None:
            raise InvalidInput("month", _("Write the month as 2026-11."), field="month")
        return found


class MyPayroll(CompanyView):
    """The basis of wages of a month."""

    @extend_schema(parameters=[_MONTH], responses=PayrollSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """As on the page."""
        month = self.month(request.query_params.get("month", ""))
        return Response(PayrollSerializer(basis_of(self.company, month)).data)


class MyPayrollRules(CompanyView):
    """What the company pays; POST adds a rule."""

    @extend_schema(responses=PayrollRuleSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """By place and vehicle, the newest first."""
        rows = PayrollRule.objects.filter(company=self.company)
        return Response(PayrollRuleSerializer(rows, many=True).data)

    @extend_schema(request=PayrollRuleWriteSerializer, responses={201: PayrollRuleSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Refuses a second one for the same from the same day."""
        company = self.company
        made = add_rule(company=company, **self.given(PayrollRuleWriteSerializer))
        return Response(PayrollRuleSerializer(made).data, status=201)


class MyPayrollRule(CompanyView):
    """DELETE takes a rule away."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, ref: str) -> Response:
        """What was approved by it stays."""
        if not PayrollRule.objects.filter(company=self.company, public_id=ref).exists():
            raise Http404
        remove_rule(company=self.company, ref=ref)
        return Response(status=204)


class MyHomeCharging(CompanyView):
    """Sessions at home in a month; POST approves or refuses them."""

    @extend_schema(parameters=[_MONTH], responses=HomeSessionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """In order of time."""
        month = self.month(request.query_params.get("month", ""))
        return Response(HomeSessionSerializer(home_of(self.company, month), many=True).data)

    @extend_schema(request=HomeDecisionWriteSerializer, responses=HomeSessionSerializer(many=True))
    def post(self, request: Request, slug: str) -> Response:
        """With the amount by the rules as they are now."""
        company, given = self.company, self.given(HomeDecisionWriteSerializer)
        month = self.month(given["month"])
        decide_home(
            company=company, month=month, sessions=given["sessions"],
            approves=given["is_approved"], reason=given["reason"],
        )  # fmt: skip
        return Response(HomeSessionSerializer(home_of(company, month), many=True).data)


urls = [
    my_address("/payroll", MyPayroll, "payroll"),
    my_address("/payroll-rules", MyPayrollRules, "payroll_rules"),
    my_address("/payroll-rules/{ref}", MyPayrollRule, "payroll_rule"),
    my_address("/home-charging", MyHomeCharging, "home_charging"),
]
