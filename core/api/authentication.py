"""Who calls the API: a bearer token of an operator, or a person's browser session."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from core.accounts.apitokens import find_api_token
from core.accounts.models import ApiToken
from core.accounts.second_factor import NEEDED, lacks_second_factor


class TokenUser(AnonymousUser):
    """The caller behind an API token: authenticated, but no person."""

    def __init__(self, token: ApiToken) -> None:
        super().__init__()
        self.token = token

    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]  # Django says never
        """A token that was found is an authenticated caller."""
        return True

    def __str__(self) -> str:
        return str(self.token)


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>``."""

    def authenticate(self, request: Request) -> tuple[TokenUser, ApiToken] | None:
        """None without a bearer header; AuthenticationFailed for an unknown token."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Write: Authorization: Bearer <token>")
        token = find_api_token(parts[1].decode("ascii", "replace"))
        if token is None:
            raise AuthenticationFailed("The token is unknown, expired or revoked.")
        return TokenUser(token), token

    def authenticate_header(self, request: Request) -> str:
        """Makes DRF answer 401 rather than 403."""
        return "Bearer"


class MemberSessionAuthentication(SessionAuthentication):
    """A logged-in person; rights come from the membership of the chosen operator."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """As Django's session says; 403 while the role lacks its second factor."""
        found: tuple[Any, Any] | None = super().authenticate(request)
        if found is not None and lacks_second_factor(request._request):
            raise PermissionDenied(NEEDED)
        return found


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself, without types
    """Describes the bearer token in the schema."""

    target_class = BearerAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """HTTP bearer."""
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself, without types
    """Describes the browser session in the schema."""

    target_class = MemberSessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Session cookie."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
