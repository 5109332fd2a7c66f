"""Base of API views: everything after authentication runs inside the operator's scope."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC
from time import perf_counter
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.accounts.acting import enter_token
from core.accounts.models import ApiToken
from core.api.idempotency import Answered, claim, complete
from core.api.models import IdempotentCall
from core.api.permissions import operator_of
from core.api.requestlog import note_request


class OperatorScopeMixin(APIView):
    """Enters the scope of the token's operator and sites (people are in theirs already)."""

    _stack: ExitStack
    _call: IdempotentCall | None = None
    _token: ApiToken | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, enter scope and actor, then check permissions."""
        self.perform_authentication(request)
        if isinstance(request.auth, ApiToken):
            self._token = request.auth
            enter_token(self._stack, request.auth, request._request)
            request._request.operator = request.auth.operator  # type: ignore[attr-defined]  # read further down
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            self._call = claim(request, operator_of(request))

    def handle_exception(self, exc: Exception) -> Response:
        """A call that was made before answers as it did then."""
        if isinstance(exc, Answered):
            return exc.response
        return super().handle_exception(exc)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Speak UTC; leave the scope when the response has been made and rendered. Requests by
        token are noted, those that fail with an error of ours as 500."""
        begun, status = perf_counter(), 500
        with ExitStack() as stack, timezone.override(UTC):
            self._stack = stack
            try:
                response = super().dispatch(request, *args, **kwargs)
                if hasattr(response, "render"):
                    response.render()
                if self._call is not None and isinstance(response, Response):
                    complete(self._call, response)
                status = response.status_code
            finally:
                if self._token is not None:
                    note_request(self._token, request, status, perf_counter() - begun)
            return response


class ScopedView(OperatorScopeMixin):
    """A view of one action; names ``read_permission`` and ``write_permission``."""


class ListView(OperatorScopeMixin, ListAPIView[Any]):
    """A filtered list in pages. Subclasses give ``rows``."""

    def rows(self) -> QuerySet[Any]:
        """All rows that the caller may see, in their order."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        """The rows; an empty queryset while the schema is drawn, outside any scope."""
        if getattr(self, "swagger_fake_view", False):
            return _no_rows(self)
        return self.rows()


class DetailView(OperatorScopeMixin, RetrieveAPIView[Any]):
    """One row. Subclasses give ``get_object``."""

    def get_queryset(self) -> QuerySet[Any]:
        """Only asked for while the schema is drawn."""
        return _no_rows(self)


def _no_rows(view: GenericAPIView[Any]) -> QuerySet[Any]:
    serializer: Any = view.get_serializer_class()
    named = getattr(serializer, "Meta", None) or view.filterset_class.Meta  # type: ignore[attr-defined]  # lists have one
    return QuerySet(model=named.model).none()
