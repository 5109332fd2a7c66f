"""Pages of invoices, credit notes and items entered by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounts.dated import operator_day
from billing.invoices import manual_services
from billing.invoices.crediting import credit
from billing.invoices.forms import CreditForm, ManualForm
from billing.invoices.issuing import issue
from billing.invoices.lists import INVOICES, MANUAL_ITEMS
from billing.invoices.models import Invoice
from billing.invoices.run_models import ManualItem
from billing.invoices.runs import delete_draft
from billing.invoices.selectors import invoices, items_of, manual_items
from billing.invoices.settling import set_disputed
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, attempted, posted
from core.lists.views import list_view
from core.stale import StaleCheck

SHOWN = 200


invoice_list = list_view(INVOICES)
manual_item_list = list_view(MANUAL_ITEMS)


def _invoice(public_id: str) -> Invoice:
    invoice: Invoice = get_object_or_404(
        invoices().select_related("seller__operator"), public_id=public_id
    )
    return invoice


@permission_required(Permission.INVOICE_VIEW)
@require_safe
def invoice_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One document: lines, taxes, sums, what it bills, and its credit notes."""
    invoice = _invoice(public_id)
    items = items_of(invoice)
    context = {
        "invoice": invoice,
        "lines": list(invoice.lines.order_by("position")[:SHOWN]),
        "line_count": invoice.lines.count(),
        "taxes": invoice.taxes.all(),
        "items": list(items[:SHOWN]),
        "item_count": items.count(),
        "credit_notes": invoice.credit_notes.order_by("pk"),
        "can_edit": has_permission(request, Permission.INVOICE_EDIT),
        "can_issue": has_permission(request, Permission.INVOICE_ISSUE),
        "can_credit": not invoice.is_draft
        and invoice.kind == "invoice"
        and invoice.credited_gross < invoice.gross,
    }
    return render(request, "billing/invoices/invoice_detail.html", context)


def _confirmed(
    request: HttpRequest, invoice: Invoice, title: str, consequence: str, verb: str, form: Any
) -> HttpResponse:
    context = {
        "title": title % {"name": invoice},
        "consequence": consequence,
        "verb": verb,
        "form": form,
        "cancel_url": reverse("invoice_detail", args=[invoice.public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.INVOICE_ISSUE)
@require_http_methods(["GET", "POST"])
def invoice_issue(request: HttpRequest, public_id: str) -> HttpResponse:
    """Issue one draft."""
    invoice = _invoice(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: issue(invoice, reason=reason)) is not None:
            messages.success(request, _("The invoice has been issued."))
            return redirect("invoice_detail", public_id=public_id)
    consequence = _("It gets the next number and stays as it is; only a credit note corrects it.")
    return _confirmed(request, invoice, _("Issue %(name)s"), consequence, _("Issue"), form)


@permission_required(Permission.INVOICE_EDIT)
@require_http_methods(["GET", "POST"])
def invoice_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away."""
    invoice = _invoice(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempted(form, lambda: delete_draft(invoice=invoice, reason=reason)):
            messages.success(request, _("The draft is gone; what it billed is due again."))
            return redirect("invoice_list")
    consequence = _("What is on it is due again and comes with the next run.")
    return _confirmed(request, invoice, _("Delete %(name)s"), consequence, _("Delete"), form)


@permission_required(Permission.INVOICE_EDIT)
@require_http_methods(["GET", "POST"])
def invoice_dispute(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note that the customer disputes an invoice, or no longer does."""
    invoice = _invoice(public_id)
    form, wanted = ReasonForm(posted(request)), not invoice.is_disputed
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: set_disputed(invoice=invoice, is_disputed=wanted, reason=reason)):
            messages.success(request, _("That has been noted."))
            return redirect("invoice_detail", public_id=public_id)
    if wanted:
        title, verb = _("Dispute about %(name)s"), _("Note the dispute")
        consequence = _("No reminders are sent, and no payment is put on it unasked.")
    else:
        title, verb = _("End of the dispute about %(name)s"), _("End the dispute")
        consequence = _("Reminders and payments go on as usual.")
    return _confirmed(request, invoice, title, consequence, verb, form)


@permission_required(Permission.INVOICE_ISSUE)
@require_http_methods(["GET", "POST"])
def invoice_credit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Credit an invoice, whole or by line."""
    invoice = _invoice(public_id)
    form = CreditForm(posted(request), invoice=invoice)
    if request.method == "POST" and form.is_valid():
        reason, lines = form.cleaned_data["reason"], form.lines
        note = attempt(form, lambda: credit(invoice, reason=reason, lines=lines))
        if note is not None:
            messages.success(request, _("The credit note has been issued."))
            return redirect("invoice_detail", public_id=note.public_id)
    return render(
        request, "billing/invoices/invoice_credit.html", {"form": form, "invoice": invoice}
    )


def _item(public_id: str) -> ManualItem:
    item: ManualItem = get_object_or_404(manual_items(), public_id=public_id)
    return item


@permission_required(Permission.INVOICE_VIEW)
@require_safe
def manual_item_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One item and the invoice that bills it."""
    item = _item(public_id)
    context = {
        "item": item,
        "can_edit": has_permission(request, Permission.INVOICE_EDIT) and not item.invoice_number,  # type: ignore[attr-defined]  # annotated by the selector
    }
    return render(request, "billing/invoices/manual_item_detail.html", context)


@permission_required(Permission.INVOICE_EDIT)
@require_http_methods(["GET", "POST"])
def manual_item_create(request: HttpRequest) -> HttpResponse:
    """A new item, possibly for the account in the address."""
    operator = operator_of(request)
    initial = {"due_on": operator_day(operator), "account": request.GET.get("account")}
    form = ManualForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        item = attempt(form, lambda: manual_services.create_manual_item(**values))
        if item is not None:
            messages.success(request, _("The item comes on the account's next invoice."))
            return redirect("manual_item_detail", public_id=item.public_id)
    return render(request, "billing/invoices/manual_item_form.html", {"form": form, "item": None})


@permission_required(Permission.INVOICE_EDIT)
@require_http_methods(["GET", "POST"])
def manual_item_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change an item that is on no issued invoice."""
    item = _item(public_id)
    form = ManualForm(posted(request), instance=_item(public_id))
    check = StaleCheck(request, form, [item])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and attempted(
            form, lambda: manual_services.change_manual_item(item=item, **changes)
        ):
            messages.success(request, _("The item has been changed."))
            return redirect("manual_item_detail", public_id=public_id)
    context = {"form": form, "item": item} | check.context()
    return render(request, "billing/invoices/manual_item_form.html", context)


@permission_required(Permission.INVOICE_EDIT)
@require_http_methods(["GET", "POST"])
def manual_item_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take out an item that nothing bills."""
    item = _item(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempted(form, lambda: manual_services.delete_manual_item(item=item, reason=reason)):
            messages.success(request, _("The item has been removed."))
            return redirect("manual_item_list")
    context = {
        "title": _("Remove %(name)s") % {"name": item},
        "consequence": _("The item is taken out as if it had never been entered."),
        "verb": _("Remove"),
        "form": form,
        "cancel_url": reverse("manual_item_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
