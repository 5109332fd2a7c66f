"""REST: id tokens, by UID."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from customers.companies.models import Company
from customers.drivers.models import Driver, Vehicle
from customers.limits.api import (
    LIMIT_NAMES,
    LimitsReadSerializer,
    LimitsWriteSerializer,
    UseSerializer,
    use_data,
    with_sites,
)
from customers.tokens import selectors, services
from customers.tokens.filters import TokenFilter
from customers.tokens.models import IdToken, TokenKind, TokenPurpose
from customers.tokens.status_words import read_status, word_of


class TokenSerializer(LimitsReadSerializer, serializers.ModelSerializer[IdToken]):
    """A token. ``ocpp_status`` is what a station would be answered now, limits apart."""

    id = serializers.IntegerField(source="pk")
    ocpp_status = serializers.SerializerMethodField()
    driver = serializers.CharField(source="driver.public_id", default=None, allow_null=True)
    company = serializers.CharField(source="company.public_id", default=None, allow_null=True)
    vehicle = serializers.CharField(source="vehicle.public_id", default=None, allow_null=True)

    class Meta:
        model = IdToken
        fields = (
            "id",
            "uid",
            "uid_decimal",
            "uid_reversed",
            "printed_number",
            "label",
            "kind",
            "purpose",
            "status",
            "ocpp_status",
            "expires_at",
            "group_id",
            "driver",
            "company",
            "vehicle",
            *LIMIT_NAMES,
            "created_at",
            "updated_at",
        )

    def get_ocpp_status(self, token: IdToken) -> str:
        """Accepted, Blocked, Expired or Invalid."""
        return word_of(token)


class TokenWriteSerializer(LimitsWriteSerializer):
    """A token to store. ``status``: active, blocked, invalid, or OCPP's Accepted, Blocked,
    Expired, Invalid. Expired without ``expires_at`` means expired now. ``driver``, ``company``:
    public ids of the owner; a new owner takes the place of the old one. ``vehicle``: public id of
    the vehicle that the card sits in."""

    status = serializers.CharField(max_length=10, required=False)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    printed_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    label = serializers.CharField(  # type: ignore[assignment]  # also an attribute of fields
        max_length=100, required=False, allow_blank=True
    )
    kind = serializers.ChoiceField(choices=TokenKind.choices, required=False)
    purpose = serializers.ChoiceField(choices=TokenPurpose.choices, required=False)
    group_id = serializers.CharField(
        max_length=36, required=False, allow_blank=True, allow_null=True
    )
    driver = serializers.CharField(max_length=24, required=False, allow_null=True)
    company = serializers.CharField(max_length=24, required=False, allow_null=True)
    vehicle = serializers.CharField(max_length=24, required=False, allow_null=True)

    def validate_group_id(self, value: str | None) -> str:
        """None is no group."""
        return value or ""


class TokenCreateSerializer(TokenWriteSerializer):
    """A token to store, with its UID."""

    uid = serializers.CharField(max_length=36)


def _put(request: Request, uid: str, given: TokenWriteSerializer) -> Response:
    values: dict[str, Any] = {**given.validated_data}
    if len(uid) > 36:
        raise InvalidInput("uid_form", "A UID has at most 36 characters.", field="uid")
    if "status" in values:
        values |= read_status(values["status"], values, selectors.find_token(uid))
    values = _with_owner(with_sites(values))
    token, created = services.put_token(operator=operator_of(request), uid=uid, **values)
    return Response(TokenSerializer(token).data, status=201 if created else 200)


def _with_owner(values: dict[str, Any]) -> dict[str, Any]:
    """``values`` with owners in place of their ids. Raises InvalidInput for an unknown one."""
    owners: dict[str, type[Driver | Company | Vehicle]] = {
        "driver": Driver, "company": Company, "vehicle": Vehicle,
    }  # fmt: skip
    for name, model in owners.items():
        if values.get(name) is None:
            continue
        found = model.objects.filter(public_id=values[name]).first()
        if found is None:
            raise InvalidInput(
                f"unknown_{name}",
                _("There is no %(kind)s with this id.") % {"kind": model._meta.verbose_name},
                field=name,
            )
        values[name] = found
    return values


class TokenList(ListView):
    """All tokens; POST stores one."""

    read_permission = Permission.TOKEN_VIEW
    write_permission = Permission.TOKEN_EDIT
    serializer_class = TokenSerializer
    filterset_class = TokenFilter

    def rows(self) -> QuerySet[IdToken]:
        """Tokens of the caller's operator."""
        return selectors.tokens()

    @extend_schema(
        request=TokenCreateSerializer, responses={200: TokenSerializer, 201: TokenSerializer}
    )
    def post(self, request: Request) -> Response:
        """Store a token: 201 when it is new, 200 when it has changed."""
        given = TokenCreateSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        uid = given.validated_data.pop("uid")
        return _put(request, uid, given)


class TokenDetail(DetailView):
    """One token by UID, in any letter case."""

    read_permission = Permission.TOKEN_VIEW
    write_permission = Permission.TOKEN_EDIT
    serializer_class = TokenSerializer

    def get_object(self) -> IdToken:
        """The caller's own token, or 404."""
        token = selectors.find_token(self.kwargs["uid"])
        if token is None:
            raise Http404
        return token

    @extend_schema(
        request=TokenWriteSerializer, responses={200: TokenSerializer, 201: TokenSerializer}
    )
    def put(self, request: Request, uid: str) -> Response:
        """Store a token: 201 when it is new, 200 when it has changed.

        Members that are not given keep their value.
        """
        given = TokenWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return _put(request, uid, given)

    @extend_schema(request=TokenWriteSerializer, responses=TokenSerializer)
    def patch(self, request: Request, uid: str) -> Response:
        """Change a token that exists."""
        self.get_object()
        given = TokenWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return _put(request, uid, given)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, uid: str) -> Response:
        """Remove a token; sessions keep their copy of it."""
        services.delete_token(token=self.get_object())
        return Response(status=204)


class TokenUse(ScopedView):
    """What the token has used this month."""

    read_permission = Permission.TOKEN_VIEW

    @extend_schema(responses=UseSerializer)
    def get(self, request: Request, uid: str) -> Response:
        """Since the month began in the operator's zone; one query."""
        token = selectors.find_token(uid)
        if token is None:
            raise Http404
        return Response(use_data(request, token, "token", token.uid))


urls = [
    address("tokens", TokenList, "tokens"),
    address("tokens/{uid}", TokenDetail, "token"),
    address("token-use/{uid}", TokenUse, "token_use"),
]
