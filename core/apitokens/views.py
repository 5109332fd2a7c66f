"""API tokens: list, one token, a new one shown once, revoking."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.apitokens import create_api_token, revoke_api_token
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.models import ApiToken, User
from core.accounts.permissions import Permission
from core.apitokens.filters import ApiRequestFilter, ApiTokenFilter
from core.apitokens.forms import ApiTokenForm
from core.apitokens.selectors import api_requests, api_tokens
from core.apitokens.tables import ApiRequestTable, ApiTokenTable, sites_in_words
from core.audit.models import AuditEntry
from core.forms import ReasonForm, attempt, posted
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view

API_TOKENS = ListSpec(
    name="api-tokens",
    title=_("API tokens"),
    permission=Permission.API_MANAGE,
    queryset=lambda _request: api_tokens(),
    filterset=ApiTokenFilter,
    table=ApiTokenTable,
    csv=(
        *(CsvColumn(name) for name in ("name", "prefix", "state")),
        CsvColumn("permissions", lambda token: " ".join(token.permissions)),
        CsvColumn("is_limited"),
        CsvColumn("sites", "site_names"),
        *(CsvColumn(name) for name in ("created_at", "expires_at", "last_used_at", "revoked_at")),
        CsvColumn("created_by", "created_by.email"),
    ),
    empty=EmptyText(
        _("No API token yet"),
        _("A program calls the API with a token. Make one for each program."),
        "api_token_create",
        _("Create an API token"),
        Permission.API_MANAGE,
    ),
    search_hint=_("Name, beginning or maker"),
    actions=(
        ListAction(_("New API token"), "api_token_create", permission=Permission.API_MANAGE),
        ListAction(_("Requests"), "api_request_list", icon="list-details", primary=False),
        ListAction(_("How to call the API"), "api_docs", icon="code", primary=False),
    ),
)

API_REQUESTS = ListSpec(
    name="api-requests",
    title=_("API requests"),
    permission=Permission.API_MANAGE,
    queryset=lambda _request: api_requests(),
    filterset=ApiRequestFilter,
    table=ApiRequestTable,
    csv=(
        CsvColumn("at"),
        CsvColumn("token", "token.name"),
        *(
            CsvColumn(name)
            for name in ("method", "path", "status", "duration_ms", "request_id", "source_ip")
        ),
    ),
    empty=EmptyText(
        _("No API request yet"),
        _("What programs ask for with a token is listed here for 30 days, some seconds later."),
        "api_token_list",
        _("API tokens"),
        Permission.API_MANAGE,
    ),
    search_hint=_("Path or request id"),
    count_cap=10_000,
)

_FIELDS = ("name", "permissions", "expires_at", "places")

api_token_list = list_view(API_TOKENS)
api_request_list = list_view(API_REQUESTS)


def _token(pk: int) -> ApiToken:
    return get_object_or_404(api_tokens(), pk=pk)


@permission_required(Permission.API_MANAGE)
@require_safe
def api_token_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A token: what it may do, until when, when it was used, and what it did."""
    token = _token(pk)
    entries = AuditEntry.objects.order_by("-at", "-id")
    own = entries.filter(object_type=token._meta.label_lower, object_id=str(token.pk))
    did = entries.filter(actor_kind="api_token", actor_id=token.pk)
    may_audit = has_permission(request, Permission.AUDIT_VIEW)
    context = {
        "token": token,
        "granted": [p for p in Permission if token.may(p.value)],
        "sites": sites_in_words(token),
        "audit": own[:10] if may_audit else [],
        "did": did[:10] if may_audit else [],
    }
    return render(request, "core/apitokens/api_token_detail.html", context)


@permission_required(Permission.API_MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def api_token_create(request: HttpRequest) -> HttpResponse:
    """A new token; the page after it shows the secret this once."""
    within = [p.value for p in Permission if has_permission(request, p)]
    form = ApiTokenForm(posted(request), within=within)
    if request.method == "POST" and form.is_valid():
        values = {k: form.cleaned_data[k] for k in _FIELDS}
        by = request.user if isinstance(request.user, User) else None
        made = attempt(
            form,
            lambda: create_api_token(
                operator=operator_of(request),
                by=by,
                within=within,
                **values,
            ),
        )
        if made is not None:
            token, secret = made
            context = {"token": token, "secret": secret}
            return render(request, "core/apitokens/api_token_secret.html", context)
    return render(request, "core/apitokens/api_token_form.html", {"form": form})


@permission_required(Permission.API_MANAGE)
@require_http_methods(["GET", "POST"])
def api_token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a token, with a reason."""
    token = _token(pk)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: revoke_api_token(token=token, reason=reason)) is not None:
            messages.success(request, gettext("The API token has been revoked."))
            return redirect("api_token_detail", pk=pk)
    context = {
        "title": gettext("Revoke %(token)s") % {"token": token},
        "consequence": gettext(
            "The program that uses this token is refused from its next call on. "
            "The token cannot be brought back; make a new one if it is needed again."
        ),
        "verb": gettext("Revoke"),
        "form": form,
        "cancel_url": reverse("api_token_detail", args=[pk]),
    }
    return render(request, "confirm.html", context)
