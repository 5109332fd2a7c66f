"""What may be done to many id tokens at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission
from core.forms import ReasonForm, moment_widget
from core.lists.actions import BulkAction, BulkContext
from customers.tokens import services
from customers.tokens.models import IdToken, TokenStatus


class ExpiryForm(ReasonForm):
    """A new expiry, and why."""

    expires_at = forms.DateTimeField(
        label=gettext_lazy("Expires"),
        required=False,
        widget=moment_widget(),
        help_text=gettext_lazy("Empty: never."),
    )
    field_order = ("expires_at", "reason")


def _expiry_form(_request: HttpRequest, data: QueryDict | None) -> forms.Form:
    return ExpiryForm(data)


def _put(token: IdToken, context: BulkContext, **values: Any) -> str:
    if all(getattr(token, name) == value for name, value in values.items()):
        return _("It was so already.")
    services.put_token(
        operator=token.operator, uid=token.uid, reason=context.values["reason"], **values
    )
    return ""


def _block(token: IdToken, context: BulkContext) -> str:
    return _put(token, context, status=TokenStatus.BLOCKED)


def _unblock(token: IdToken, context: BulkContext) -> str:
    return _put(token, context, status=TokenStatus.ACTIVE)


def _expire(token: IdToken, context: BulkContext) -> str:
    return _put(token, context, expires_at=context.values["expires_at"])


BULK = (
    BulkAction(
        name="block",
        label=gettext_lazy("Block"),
        permission=Permission.TOKEN_EDIT,
        consequence=gettext_lazy(
            "Stations refuse these tokens from now on. Sessions that run go on. Stations with "
            "a local list of their own may accept them until the list has been sent again."
        ),
        apply=_block,
        icon="lock",
    ),
    BulkAction(
        name="activate",
        label=gettext_lazy("Activate"),
        permission=Permission.TOKEN_EDIT,
        consequence=gettext_lazy("Stations accept these tokens again, within their limits."),
        apply=_unblock,
        icon="lock-open",
        is_dangerous=False,
    ),
    BulkAction(
        name="expiry",
        label=gettext_lazy("Set expiry"),
        permission=Permission.TOKEN_EDIT,
        consequence=gettext_lazy(
            "All of these tokens get the same expiry; from then on stations refuse them."
        ),
        apply=_expire,
        form=_expiry_form,
        icon="clock",
    ),
)
