"""REST: which roles need a second factor."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import Operator
from core.accounts.permissions import Permission, Role
from core.accounts.second_factor import roles_that_need_one
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import ScopedView
from core.members.security import choose_second_factor_roles


class SecondFactorSerializer(Input):
    """The roles that need a second factor."""

    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    reason = serializers.CharField(max_length=500, required=False, write_only=True)


class SecondFactor(ScopedView):
    """Which roles need a second factor; PUT chooses them."""

    read_permission = Permission.PEOPLE_MANAGE
    write_permission = Permission.PEOPLE_MANAGE

    @extend_schema(responses=SecondFactorSerializer)
    def get(self, request: Request) -> Response:
        """The roles."""
        return _answer(operator_of(request))

    @extend_schema(request=SecondFactorSerializer, responses=SecondFactorSerializer)
    def put(self, request: Request) -> Response:
        """Choose the roles; members without a second factor are led to its set-up."""
        given = SecondFactorSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        operator = operator_of(request)
        return _answer(choose_second_factor_roles(operator=operator, **given.validated_data))


def _answer(operator: Operator) -> Response:
    return Response({"roles": roles_that_need_one(operator)})


urls = [address("second-factor", SecondFactor, "second_factor")]
