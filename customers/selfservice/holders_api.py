"""REST for who looks after a company: who has a card, and had it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.inputs import Input
from core.errors import InvalidInput
from customers.drivers.models import Driver
from customers.selfservice.api import my_address
from customers.selfservice.cards import hand_over
from customers.selfservice.payroll_api import CompanyView
from customers.selfservice.token_views import find_token
from customers.tokens.holders import holdings


class HolderSerializer(serializers.Serializer[Any]):
    """Who had a card (null: the pool), from when until when (null: still), and who said so."""

    driver = serializers.CharField(source="driver.public_id", default=None, allow_null=True)
    name = serializers.CharField(source="driver.name", default="")
    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField()


class HolderWriteSerializer(Input):
    """The public id of a driver of the company; null for the pool."""

    driver = serializers.CharField(max_length=24, allow_null=True)


class MyTokenHolder(CompanyView):
    """Who had a card of the company, the latest first; POST hands it over."""

    @extend_schema(responses=HolderSerializer(many=True))
    def get(self, request: Request, slug: str, number: str) -> Response:
        """As on the page of the card."""
        company, token = self.company, find_token(self.customer, int(number))
        return Response(HolderSerializer(holdings(token, company), many=True).data)

    @extend_schema(request=HolderWriteSerializer, responses=HolderSerializer(many=True))
    def post(self, request: Request, slug: str, number: str) -> Response:
        """To a driver of the company, or back to the pool."""
        company, token = self.company, find_token(self.customer, int(number))
        ref = self.given(HolderWriteSerializer)["driver"]
        driver = Driver.objects.filter(company=company, public_id=ref).first() if ref else None
        if ref and driver is None:
            raise InvalidInput("not_a_driver", _("Choose a driver of the company."), field="driver")
        changed = hand_over(company=company, token=token, driver=driver)
        return Response(HolderSerializer(holdings(changed, company), many=True).data)


urls = [my_address("/tokens/{number}/holder", MyTokenHolder, "token_holder")]
