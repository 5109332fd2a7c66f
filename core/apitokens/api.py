"""REST: API tokens."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.apitokens import create_api_token, revoke_api_token
from core.accounts.models import ApiToken, ApiTokenState, User
from core.accounts.permissions import Permission
from core.api.fields import ReasonSerializer, SiteKeysField
from core.api.inputs import Input
from core.api.models import ApiRequest
from core.api.pagination import CursorPages
from core.api.permissions import may, operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.apitokens.filters import ApiRequestFilter, ApiTokenFilter
from core.apitokens.selectors import api_requests, api_tokens
from core.errors import InvalidInput


class ApiTokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A token without its secret. ``prefix`` is how the secret begins; ``sites`` names the chosen
    ones with commas, and is empty without a limit."""

    state = serializers.ChoiceField(choices=ApiTokenState.choices, read_only=True)
    permissions = serializers.ListField(child=serializers.CharField())
    sites = serializers.CharField(source="site_names", default="", read_only=True)
    created_by = serializers.EmailField(
        source="created_by.email", allow_null=True, default=None, read_only=True
    )

    class Meta:
        model = ApiToken
        fields = (
            "id",
            "name",
            "prefix",
            "state",
            "permissions",
            "is_limited",
            "sites",
            "created_by",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
        )


class CreatedApiTokenSerializer(ApiTokenSerializer):
    """A new token with its secret, shown this once."""

    secret = serializers.CharField()

    class Meta(ApiTokenSerializer.Meta):
        fields = (*ApiTokenSerializer.Meta.fields, "secret")  # type: ignore[assignment]  # a longer tuple


class ApiTokenCreateSerializer(Input):
    """A token to make. Without ``expires_at`` it is valid until it is revoked. With ``is_limited``
    it works with ``sites`` alone."""

    name = serializers.CharField(max_length=100)
    permissions = serializers.ListField(
        child=serializers.ChoiceField(choices=Permission.choices), allow_empty=False
    )
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    is_limited = serializers.BooleanField(required=False, default=False)
    sites = SiteKeysField(required=False)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class ApiTokenList(ListView):
    """All API tokens; POST makes one."""

    read_permission = Permission.API_MANAGE
    write_permission = Permission.API_MANAGE
    serializer_class = ApiTokenSerializer
    filterset_class = ApiTokenFilter

    def rows(self) -> QuerySet[ApiToken]:
        """Tokens of the caller's operator."""
        return api_tokens()

    @extend_schema(request=ApiTokenCreateSerializer, responses={201: CreatedApiTokenSerializer})
    def post(self, request: Request) -> Response:
        """Make a token with permissions that the caller has. Its secret is shown this once."""
        given = ApiTokenCreateSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = dict(given.validated_data)
        sites = values.pop("sites", [])
        is_limited = values.pop("is_limited")
        if sites and not is_limited:
            raise InvalidInput("not_limited", _("Sites need is_limited."), field="sites")
        values["places"] = sites if is_limited else None
        token, secret = create_api_token(
            operator=operator_of(request),
            by=request.user if isinstance(request.user, User) else None,
            within=[p for p in Permission.values if may(request, p)],
            **values,
        )
        made = api_tokens().get(pk=token.pk)
        made.secret = secret  # type: ignore[attr-defined]  # for its serializer, once
        return Response(CreatedApiTokenSerializer(made).data, status=201)


class ApiTokenDetail(DetailView):
    """One API token."""

    read_permission = Permission.API_MANAGE
    serializer_class = ApiTokenSerializer

    def get_object(self) -> ApiToken:
        """The caller's own token, or 404."""
        return get_object_or_404(api_tokens(), pk=int(self.kwargs["number"]))


class ApiTokenRevocation(ScopedView):
    """POST revokes a token."""

    write_permission = Permission.API_MANAGE

    @extend_schema(request=ReasonSerializer, responses=ApiTokenSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Make a token useless at once; 409 when it has been revoked already."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        token = get_object_or_404(api_tokens(), pk=int(number))
        revoke_api_token(token=token, **given.validated_data)
        return Response(ApiTokenSerializer(token).data)


class ApiRequestSerializer(serializers.ModelSerializer[ApiRequest]):
    """A request that a program made; without its query and body."""

    token = serializers.IntegerField(source="token_id", read_only=True)
    token_name = serializers.CharField(source="token.name", read_only=True)

    class Meta:
        model = ApiRequest
        fields = (
            "id", "at", "token", "token_name", "method", "path", "status", "duration_ms",
            "request_id", "source_ip",
        )  # fmt: skip


class ApiRequestList(ListView):
    """Requests by token of the last 30 days, newest first."""

    read_permission = Permission.API_MANAGE
    serializer_class = ApiRequestSerializer
    filterset_class = ApiRequestFilter
    pagination_class = CursorPages

    def rows(self) -> QuerySet[ApiRequest]:
        """Requests of the caller's operator."""
        return api_requests()


urls = [
    address("api-requests", ApiRequestList, "api_requests"),
    address("api-tokens", ApiTokenList, "api_tokens"),
    address("api-tokens/{number}", ApiTokenDetail, "api_token"),
    address("api-tokens/{number}/revoke", ApiTokenRevocation, "api_token_revoke"),
]
