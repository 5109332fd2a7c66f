"""What is asked for a reason first: switching, a new secret, deleting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.webhooks import services
from core.webhooks.models import WebhookEndpoint
from core.webhooks.views import find_webhook, secret_page


def _ask(
    request: HttpRequest,
    webhook: WebhookEndpoint,
    form: ReasonForm,
    *,
    title: str,
    consequence: str,
    verb: str,
) -> HttpResponse:
    context = {
        "title": title % {"webhook": webhook},
        "consequence": consequence,
        "verb": verb,
        "form": form,
        "cancel_url": reverse("webhook_detail", args=[webhook.public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.API_MANAGE)
@require_http_methods(["GET", "POST"])
def webhook_switch(request: HttpRequest, public_id: str) -> HttpResponse:
    """Switch a webhook off, or on again, with a reason."""
    webhook = find_webhook(public_id)
    on = not webhook.is_active
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.switch_webhook(endpoint=webhook, on=on, reason=reason)):
            messages.success(request, _("The webhook is on.") if on else _("The webhook is off."))
            return redirect("webhook_detail", public_id=public_id)
    if on:
        return _ask(
            request, webhook, form,
            title=_("Switch %(webhook)s on"),
            consequence=_("It hears of what happens from now on, not of what it has missed."),
            verb=_("Switch on"),
        )  # fmt: skip
    return _ask(
        request, webhook, form,
        title=_("Switch %(webhook)s off"),
        consequence=_(
            "It hears of nothing from now on, and deliveries that wait are given up. They can be "
            "sent again one by one."
        ),
        verb=_("Switch off"),
    )  # fmt: skip


@permission_required(Permission.API_MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def webhook_renew_secret(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask why, then show a new signing secret once."""
    webhook = find_webhook(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        secret = attempt(form, lambda: services.renew_secret(endpoint=webhook, reason=reason))
        if secret is not None:
            return secret_page(request, webhook, secret)
    return _ask(
        request, webhook, form,
        title=_("New signing secret for %(webhook)s"),
        consequence=_(
            "For 24 hours deliveries carry two signatures, of the old and of the new secret. "
            "Enter the new one in the receiver before then."
        ),
        verb=_("Make a new secret"),
    )  # fmt: skip


@permission_required(Permission.API_MANAGE)
@require_http_methods(["GET", "POST"])
def webhook_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete a webhook, with a reason."""
    webhook = find_webhook(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.delete_webhook(endpoint=webhook, reason=form.cleaned_data["reason"])
        messages.success(request, _("The webhook has been deleted."))
        return redirect("webhook_list")
    return _ask(
        request, webhook, form,
        title=_("Delete %(webhook)s"),
        consequence=_(
            "It hears of nothing from now on. Its deliveries are deleted too. "
            "This cannot be undone."
        ),
        verb=_("Delete"),
    )  # fmt: skip
