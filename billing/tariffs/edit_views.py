"""Making tariffs and changing drafts, with a preview while typing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing.tariffs import services
from billing.tariffs.documents import parsed
from billing.tariffs.editing import RuleEditor, SimpleEditor
from billing.tariffs.forms import NewTariffForm, TariffForm
from billing.tariffs.model import dump_tariff, parse_tariff
from billing.tariffs.models import Tariff
from billing.tariffs.page import may_be_negative, newest_of, tariff_or_404
from billing.tariffs.shown import ShownTariff, shown_for
from billing.tariffs.starter_words import STARTERS
from billing.tariffs.starters import Starter, build, default_for, simple_of
from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.forms import attempt, posted

Editor = SimpleEditor | RuleEditor


@permission_required(Permission.TARIFF_EDIT)
def tariff_create(request: HttpRequest) -> HttpResponse:
    """The six templates to begin with, and the way in for OCPI JSON."""
    return render(request, "billing/tariffs/tariff_create.html", {"starters": STARTERS})


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def tariff_new(request: HttpRequest) -> HttpResponse:
    """A new tariff from the template that ``starter`` names."""
    starter = request.POST.get("starter") or request.GET.get("starter") or Starter.KWH.value
    if starter not in set(Starter):
        raise Http404
    operator = operator_of(request)
    form = NewTariffForm(posted(request), initial={"currency": operator.currency})
    editor = SimpleEditor(request, default_for(Starter(starter)))
    unsaved = _unsaved(request, form)
    shown = None
    if request.method == "POST":
        document = editor.document(unsaved)
        shown = shown_for(request, parse_tariff(document)) if document else None
        if document and form.is_valid() and request.POST.get("do") != "preview":
            tariff = attempt(form, lambda: _create(request, form, document))
            if tariff is not None:
                messages.success(
                    request, _("The tariff has been created as a draft. Publish it to use it.")
                )
                return redirect("tariff_detail", public_id=tariff.public_id)
    else:
        shown = shown_for(request, parse_tariff(_default_document(unsaved, starter)))
    context = {"name_form": form, "starter": STARTERS[Starter(starter)], "shown": shown}
    return render(request, "billing/tariffs/tariff_new.html", context | editor.context())


def _unsaved(request: HttpRequest, form: NewTariffForm) -> Tariff:
    """A tariff that stands for the one that is being made."""
    operator = operator_of(request)
    return Tariff(
        operator=operator,
        currency=str(form["currency"].value() or operator.currency),
        is_tax_included=form.is_tax_included(),
    )


def _default_document(tariff: Tariff, starter: str) -> dict[str, Any]:
    """The document that the untouched form would make."""
    simple = replace(
        default_for(Starter(starter)),
        currency=tariff.currency,
        is_tax_included=tariff.is_tax_included,
    )
    return dump_tariff(build(simple))


def _create(request: HttpRequest, form: NewTariffForm, document: dict[str, Any]) -> Tariff:
    return services.create_tariff(
        operator=operator_of(request),
        name=form.cleaned_data["name"],
        note=form.cleaned_data["note"],
        currency=form.cleaned_data["currency"],
        is_tax_included=form.is_tax_included(),
        document=document,
        may_be_negative=may_be_negative(request),
    )


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def tariff_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change name and note."""
    tariff = tariff_or_404(public_id)
    form = TariffForm(posted(request), initial={"name": tariff.name, "note": tariff.note})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: services.change_tariff(tariff=tariff, **values)) is not None:
            messages.success(request, _("The tariff has been changed."))
            return redirect("tariff_detail", public_id=public_id)
    context = {"form": form, "tariff": tariff}
    return render(request, "billing/tariffs/tariff_form.html", context)


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def tariff_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write what the next version is to say: by a template's numbers, or rule by rule."""
    tariff = tariff_or_404(public_id)
    newest = newest_of(tariff)
    if newest is None:
        raise Http404
    editor, base = _editor(request, newest.document)
    shown: ShownTariff | None = None
    if request.method == "GET":
        shown = shown_for(request, base)
    elif not getattr(editor, "rearranged", False):
        document = editor.document(tariff)
        shown = shown_for(request, parse_tariff(document)) if document else None
        if document and request.POST.get("do") != "preview":
            saved = _save(request, editor, tariff, document)
            if saved:
                messages.success(request, _("The draft has been saved."))
                return redirect("tariff_detail", public_id=public_id)
    context = {
        "tariff": tariff,
        "seen": request.POST.get("seen") or newest.digest,
        "shown": shown,
        "can_be_simple": simple_of(base) is not None,
        "version_number": newest.number if newest.state == "draft" else newest.number + 1,
    }
    return render(request, "billing/tariffs/tariff_draft.html", context | editor.context())


def _editor(request: HttpRequest, document: dict[str, Any]) -> tuple[Editor, Any]:
    """The editor that was asked for, or that fits."""
    base = parsed(document)
    simple = simple_of(base)
    wanted = request.POST.get("editor") or request.GET.get("mode")
    if simple is not None and wanted != "rules":
        return SimpleEditor(request, simple), base
    return RuleEditor(request, base), base


def _save(request: HttpRequest, editor: Editor, tariff: Tariff, document: dict[str, Any]) -> bool:
    form = editor.form if isinstance(editor, SimpleEditor) else editor.whole
    saved = attempt(
        form,
        lambda: services.save_draft(
            tariff=tariff,
            document=document,
            seen=request.POST.get("seen", ""),
            may_be_negative=may_be_negative(request),
        ),
    )
    return saved is not None


@permission_required(Permission.TARIFF_EDIT)
@require_POST
def tariff_preview(request: HttpRequest) -> HttpResponse:
    """The fragment beside an editor: what was typed so far in words and examples."""
    reference = request.POST.get("tariff", "")
    if reference:
        tariff = tariff_or_404(reference)
        newest = newest_of(tariff)
        if newest is None:
            raise Http404
        editor, _base = _editor(request, newest.document)
    else:
        starter = request.POST.get("starter", "")
        if starter not in set(Starter):
            raise Http404
        tariff = _unsaved(request, NewTariffForm(request.POST))
        editor = SimpleEditor(request, default_for(Starter(starter)))
    document = editor.document(tariff)
    shown = shown_for(request, parse_tariff(document)) if document else None
    return render(request, "billing/tariffs/_shown.html", {"shown": shown, "is_preview": True})
