"""Pages of dunning."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.accounts.dated import operator_day
from billing.dunning import selectors, services
from billing.dunning.ageing import BANDS, AgeingRow, ageing, sums
from billing.dunning.facts import claims_open, pauses_of
from billing.dunning.forms import AsOfForm, PauseForm, PlanForm, RateForm
from billing.dunning.letter_pdf import letter_name, letter_pdf
from billing.dunning.lists import DUNNING
from billing.dunning.models import CollectionFile, DunningPause, PauseKind
from billing.dunning.plans import change_plan, plan_of
from billing.dunning.rates import is_missing, rates_for, set_rate
from billing.dunning.selectors import decision_of, find_invoice, find_letter, find_step
from billing.payments.models import Claim
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.files.serving import pdf_response
from core.forms import ReasonForm, attempt, posted
from core.lists.export import csv_lines
from core.lists.spec import CsvColumn
from core.lists.views import list_view

MOST_SHOWN = 500
dunning_list = list_view(DUNNING)
AGEING_CSV = [
    CsvColumn("Kundnr", "account_id"), CsvColumn("Kund", "account"),
    CsvColumn("Org.nr", "organisation_number"), CsvColumn("Fakturanr", "number"),
    CsvColumn("OCR", "ocr"), CsvColumn("Fakturadatum", "issued_on"),
    CsvColumn("Förfallodatum", "due_on"), CsvColumn("Valuta", "currency"),
    CsvColumn("Belopp", "amount"), CsvColumn("Betalt", "paid"), CsvColumn("Kvar", "open_amount"),
    CsvColumn("Ej förfallet", lambda row: row.in_band("not_due")),
    CsvColumn("1–30", lambda row: row.in_band("days_1_30")),
    CsvColumn("31–60", lambda row: row.in_band("days_31_60")),
    CsvColumn("61–90", lambda row: row.in_band("days_61_90")),
    CsvColumn(">90", lambda row: row.in_band("days_over_90")),
    CsvColumn("Tvist", "is_disputed"), CsvColumn("Inkasso", "is_at_collection"),
]  # fmt: skip


def _operator(request: HttpRequest) -> Operator:
    operator: Operator = operator_of(request)
    return operator


def _may_post(request: HttpRequest) -> bool:
    """Whether the form may be sent; 403 where it is sent all the same."""
    may = has_permission(request, Permission.PAYMENT_EDIT)
    if request.method == "POST" and not may:
        raise PermissionDenied(_("Your role may not do this."))
    return may


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def dunning_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was done about an invoice, what is next, and what stops the clock."""
    invoice = find_invoice(public_id)
    context = {
        "invoice": invoice,
        "decision": decision_of(invoice),
        "plan": plan_of(invoice.operator),
        "steps": invoice.steps_done,
        "pauses": pauses_of(invoice),
        "claims": Claim.objects.filter(invoice=invoice).order_by("made_on", "pk"),
        "claims_open": claims_open(invoice),
        "today": operator_day(invoice.operator),
        "can_edit": has_permission(request, Permission.PAYMENT_EDIT),
    }
    return render(request, "billing/dunning/dunning_detail.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def dunning_pause(request: HttpRequest, public_id: str) -> HttpResponse:
    """Pause, or note a promise to pay."""
    invoice = find_invoice(public_id)
    form = PauseForm(posted(request), initial={"from_on": operator_day(invoice.operator)})
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        kind, whole = PauseKind(values.pop("kind")), values.pop("whole_account")
        made = attempt(
            form,
            lambda: services.add_pause(
                account=invoice.account, invoice=None if whole else invoice, kind=kind, **values
            ),
        )
        if made is not None:
            messages.success(request, _("The clock stands still on these days."))
            return redirect("dunning_detail", public_id=public_id)
    context = {"form": form, "invoice": invoice}
    return render(request, "billing/dunning/pause_form.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_POST
def dunning_pause_end(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the clock go on from tomorrow."""
    invoice = find_invoice(public_id)
    pause = get_object_or_404(
        DunningPause.objects.filter(account=invoice.account),
        pk=request.POST.get("pause") if request.POST.get("pause", "").isdecimal() else 0,
    )
    day = max(operator_day(invoice.operator), pause.from_on)
    try:
        services.end_pause(pause=pause, until_on=day)
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The pause ends today."))
    return redirect("dunning_detail", public_id=public_id)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def dunning_waive(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let all fees and interest of an invoice go."""
    invoice = find_invoice(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.waive_claims(invoice=invoice, reason=reason)):
            messages.success(request, _("Fees and interest are let go."))
            return redirect("dunning_detail", public_id=public_id)
    context = {
        "title": _("Let fees and interest of %(invoice)s go") % {"invoice": invoice},
        "consequence": _("What is open of them is owed no longer; the invoice itself stays."),
        "verb": _("Let go"),
        "form": form,
        "cancel_url": reverse("dunning_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def dunning_letter(request: HttpRequest, public_id: str) -> HttpResponse:
    """A letter as it was written, to be printed."""
    step = find_step(public_id)
    can_edit = has_permission(request, Permission.PAYMENT_EDIT)
    return render(request, "billing/dunning/letter.html", {"step": step, "can_edit": can_edit})


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def dunning_letter_pdf(_request: HttpRequest, public_id: str) -> HttpResponse:
    """A letter on paper."""
    step = find_letter(public_id)
    return pdf_response(letter_pdf(step), letter_name(step))


@permission_required(Permission.PAYMENT_EDIT)
@require_POST
def dunning_letter_printed(request: HttpRequest, public_id: str) -> HttpResponse:
    """The letter was printed and posted."""
    step = find_step(public_id)
    try:
        services.note_printed(step=step, now=timezone.now())
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The letter is noted as posted."))
    return redirect("dunning_letter", public_id=public_id)


def _changed_plan(operator: Operator, given: dict[str, Any]) -> bool:
    return change_plan(operator=operator, **given) is not None


@permission_required(Permission.PAYMENT_VIEW)
@require_http_methods(["GET", "POST"])
def dunning_plan(request: HttpRequest) -> HttpResponse:
    """The operator's ladder; changed by those who may book payments."""
    operator = _operator(request)
    can_edit = _may_post(request)
    form = PlanForm(posted(request), plan=plan_of(operator))
    given = form.values() if request.method == "POST" and form.is_valid() else None
    if given is not None and attempt(form, lambda: _changed_plan(operator, given)):
        messages.success(request, _("The plan has been changed."))
        return redirect("dunning_plan")
    context = {"form": form, "can_edit": can_edit, "plan": plan_of(operator)}
    return render(request, "billing/dunning/plan.html", context)


@permission_required(Permission.PAYMENT_VIEW)
@require_http_methods(["GET", "POST"])
def reference_rates(request: HttpRequest) -> HttpResponse:
    """Reference rates by half-year; those who may book payments enter them."""
    operator = _operator(request)
    can_edit = _may_post(request)
    form = RateForm(posted(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: set_rate(operator=operator, **values)) is not None:
            messages.success(request, _("The rate has been stored."))
            return redirect("reference_rates")
    context = {
        "form": form,
        "can_edit": can_edit,
        "rates": rates_for(operator.pk)[::-1],
        "is_missing": is_missing(operator.pk, operator_day(operator)),
    }
    return render(request, "billing/dunning/rates.html", context)


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def ageing_list(request: HttpRequest) -> HttpResponse:
    """Receivables by age as of any day; ``?format=csv`` the whole list."""
    today = operator_day(_operator(request))
    form = AsOfForm({"as_of": request.GET.get("as_of") or today})
    as_of = form.cleaned_data["as_of"] if form.is_valid() else today
    rows = ageing(as_of=as_of)
    if request.GET.get("format") == "csv":
        return _csv(rows, f"kundreskontra-{as_of:%Y-%m-%d}.csv")
    context = {
        "form": form,
        "as_of": as_of,
        "rows": [(row, [row.in_band(name) for name in BANDS]) for row in rows[:MOST_SHOWN]],
        "more": max(len(rows) - MOST_SHOWN, 0),
        "sums": sums(rows),
    }
    return render(request, "billing/dunning/ageing.html", context)


def _csv(rows: list[AgeingRow], name: str) -> HttpResponse:
    body = "".join(csv_lines(iter(rows), AGEING_CSV))
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@permission_required(Permission.PAYMENT_VIEW)
@require_http_methods(["GET", "POST"])
def collection_files(request: HttpRequest) -> HttpResponse:
    """Files for the collection agency; POST makes one of what waits."""
    can_edit = _may_post(request)
    if request.method == "POST":
        try:
            services.make_collection_file(operator=_operator(request), now=timezone.now())
        except RuleViolation as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("The file has been made."))
        return redirect("collection_files")
    context = {
        "files": selectors.collection_files()[:200],
        "waiting": services.steps_to_hand_over().count(),
        "can_edit": can_edit,
    }
    return render(request, "billing/dunning/collection_files.html", context)


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def collection_file_content(request: HttpRequest, public_id: str) -> HttpResponse:
    """A file as it was made."""
    file: CollectionFile = get_object_or_404(CollectionFile.objects.all(), public_id=public_id)
    response = HttpResponse(bytes(file.content), content_type="text/csv; charset=utf-8")
    name = f"inkasso-{file.created_at:%Y-%m-%d}-{file.public_id}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
