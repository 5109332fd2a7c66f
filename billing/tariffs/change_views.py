"""Publishing, withdrawing and retiring; assigning and ending; taking OCPI JSON in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing.tariffs import services
from billing.tariffs.assigning import assign, basis_warning, end_assignment
from billing.tariffs.documents import parsed
from billing.tariffs.forms import AssignForm, EndForm, ImportForm, NewTariffForm, PublishForm
from billing.tariffs.models import Tariff
from billing.tariffs.page import draft_of, may_be_negative, tariff_or_404
from billing.tariffs.receiving import received
from billing.tariffs.selectors import assignments, shown_versions
from billing.tariffs.shown import shown_for
from billing.tariffs.tables import place_text
from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.forms import ReasonForm, attempt, posted


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def tariff_publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put the draft in force, after a look at what changes."""
    tariff = tariff_or_404(public_id)
    draft = draft_of(tariff)
    if draft is None:
        messages.info(request, _("There is no draft to publish."))
        return redirect("tariff_detail", public_id=public_id)
    form = PublishForm(posted(request), initial={"digest": draft.digest})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        done = attempt(form, lambda: services.publish(tariff=tariff, **values))
        if done is not None:
            messages.success(request, _("Version %(n)s is published.") % {"n": done.number})
            return redirect("tariff_detail", public_id=public_id)
    versions = shown_versions(tariff, timezone.now())
    context = {
        "tariff": tariff,
        "form": form,
        "one": next(one for one in versions if one.version.pk == draft.pk),
        "assignments": assignments(timezone.now()).filter(tariff=tariff)[:50],
        "shown": shown_for(request, parsed(draft.document)),
    }
    return render(request, "billing/tariffs/tariff_publish.html", context)


def _confirmed(
    request: HttpRequest, tariff: Tariff, call: Any, texts: dict[str, str]
) -> HttpResponse:
    """A page that names the consequence, asks why, and does it."""
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            call(reason)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, texts["done"])
            return redirect("tariff_detail", public_id=tariff.public_id)
    context = {
        **texts,
        "form": form,
        "cancel_url": reverse("tariff_detail", args=[tariff.public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def tariff_discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw the draft away."""
    tariff = tariff_or_404(public_id)
    texts = {
        "title": _("Discard the draft of %(name)s") % {"name": tariff},
        "consequence": _("What it says is lost. Published versions stay as they are."),
        "verb": _("Discard"),
        "done": _("The draft has been discarded."),
    }
    return _confirmed(
        request,
        tariff,
        lambda reason: services.discard_draft(tariff=tariff, reason=reason),
        texts,
    )


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def tariff_retire(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a tariff's life."""
    tariff = tariff_or_404(public_id)
    texts = {
        "title": _("Retire %(name)s") % {"name": tariff},
        "consequence": _(
            "It can no longer be changed or assigned. Sessions that were priced by it keep "
            "their price."
        ),
        "verb": _("Retire"),
        "done": _("The tariff is retired."),
    }
    return _confirmed(
        request,
        tariff,
        lambda reason: services.retire_tariff(tariff=tariff, reason=reason),
        texts,
    )


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def tariff_withdraw(request: HttpRequest, public_id: str, version: int) -> HttpResponse:
    """Take a version back before it takes effect."""
    tariff = tariff_or_404(public_id)
    row = get_object_or_404(tariff.versions.select_related("tariff"), number=version)
    texts = {
        "title": _("Withdraw version %(n)s of %(name)s") % {"n": version, "name": tariff},
        "consequence": _(
            "It never takes effect; the version before goes on. Customers who were told of it "
            "already get a letter that says so."
        ),
        "verb": _("Withdraw"),
        "done": _("The version is withdrawn."),
    }
    return _confirmed(
        request,
        tariff,
        lambda reason: services.withdraw_version(version=row, reason=reason),
        texts,
    )


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def tariff_assign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say where the tariff holds."""
    tariff = tariff_or_404(public_id)
    form = AssignForm(posted(request), initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        done = attempt(
            form,
            lambda: assign(
                tariff=tariff,
                target=form.target(),
                valid_from_at=values["valid_from_at"],
                valid_to_at=values["valid_to_at"],
                accepts_short_notice=values["accepts_short_notice"],
                reason=values["reason"],
            ),
        )
        if done is not None:
            messages.success(request, _("The tariff is assigned."))
            warning = basis_warning(tariff, done.price_group)
            if warning:
                messages.warning(request, warning)
            return redirect("tariff_detail", public_id=public_id)
    context = {"tariff": tariff, "form": form}
    return render(request, "billing/tariffs/tariff_assign.html", context)


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def tariff_assignment_end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End an assignment."""
    row = get_object_or_404(assignments(timezone.now()), public_id=public_id)
    form = EndForm(posted(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: end_assignment(assignment=row, **values)) is not None:
            messages.success(request, _("The assignment ends."))
            return redirect("tariff_detail", public_id=row.tariff.public_id)
    names = {"tariff": row.tariff, "place": place_text(row)}
    context = {
        "title": _("End %(tariff)s for %(place)s") % names,
        "consequence": _(
            "From then on the next wider price holds there, or none. Sessions that run keep "
            "the price they began with."
        ),
        "verb": _("End"),
        "form": form,
        "cancel_url": reverse("tariff_detail", args=[row.tariff.public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def tariff_import(request: HttpRequest) -> HttpResponse:
    """A new tariff from OCPI JSON, of 2.2.1 or 2.3.0."""
    operator = operator_of(request)
    form = ImportForm(posted(request), request.FILES or None)
    name_form = NewTariffForm(posted(request), initial={"currency": operator.currency})
    for name in ("audience", "currency"):
        del name_form.fields[name]
    if request.method == "POST" and form.is_valid() and name_form.is_valid():
        tariff = attempt(form, lambda: _import(request, form, name_form))
        if tariff is not None:
            messages.success(request, _("The tariff has been taken in as a draft."))
            return redirect("tariff_detail", public_id=tariff.public_id)
    context = {"form": form, "name_form": name_form}
    return render(request, "billing/tariffs/tariff_import.html", context)


def _import(request: HttpRequest, form: ImportForm, name_form: NewTariffForm) -> Tariff:
    given = form.cleaned_data
    document = received(given["file"].read(1_000_000) if given["file"] else given["text"])
    return services.create_tariff(
        operator=operator_of(request),
        name=name_form.cleaned_data["name"],
        note=name_form.cleaned_data["note"],
        currency=str(document.get("currency", "")),
        is_tax_included=document.get("tax_included") == "YES",
        document=document,
        may_be_negative=may_be_negative(request),
    )
