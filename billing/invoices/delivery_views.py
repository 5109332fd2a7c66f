"""Pages of files and deliveries."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.accounts.dated import operator_day
from billing.invoices.bundles import archive, printed
from billing.invoices.delivery_forms import FilesForm, SendForm
from billing.invoices.delivery_lists import DELIVERIES, deliveries, issued_in
from billing.invoices.delivery_models import DeliveryWay, FileKind, InvoiceFile
from billing.invoices.delivery_services import mark_done, send_again, way_of
from billing.invoices.file_services import (
    CONTENT_TYPES,
    content,
    ensure_file,
    file_name,
    pdfs,
    retry_files,
)
from billing.invoices.models import Invoice
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.files.serving import file_response
from core.forms import attempt, posted
from core.lists.views import list_view

delivery_list = list_view(DELIVERIES)


def _invoice(public_id: str) -> Invoice:
    rows = Invoice.objects.exclude(state="draft").select_related("seller", "account")
    invoice: Invoice = get_object_or_404(rows, public_id=public_id)
    return invoice


def _file(request: HttpRequest, public_id: str, kind: FileKind) -> HttpResponse:
    """The file, made now if it is not there yet; else the page that says why there is none."""
    invoice = _invoice(public_id)
    row = ensure_file(invoice, kind)
    if row is None:
        raise Http404(_("This document has no such file yet."))
    if row.problem:
        messages.error(request, _("The file could not be made: %(why)s") % {"why": row.problem})
        return redirect("invoice_delivery", public_id=public_id)
    try:
        content(row)
    except RuleViolation as error:
        raise Http404(error.message) from error
    name = file_name(row, invoice.number)
    return file_response(row.path, content_type=CONTENT_TYPES[kind], name=name, inline=False)


@permission_required(Permission.INVOICE_VIEW)
@require_safe
def invoice_pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    """The PDF as it was made, once."""
    return _file(request, public_id, FileKind.PDF)


@permission_required(Permission.INVOICE_VIEW)
@require_safe
def invoice_ubl(request: HttpRequest, public_id: str) -> HttpResponse:
    """The e-invoice as it was made, once."""
    return _file(request, public_id, FileKind.UBL)


@permission_required(Permission.INVOICE_VIEW)
@require_safe
def invoice_delivery(request: HttpRequest, public_id: str) -> HttpResponse:
    """The files of a document, and how it was sent."""
    invoice = _invoice(public_id)
    context = {
        "invoice": invoice,
        "files": InvoiceFile.objects.filter(invoice=invoice),
        "deliveries": deliveries().filter(invoice=invoice),
        "can_edit": has_permission(request, Permission.INVOICE_EDIT),
    }
    return render(request, "billing/invoices/invoice_delivery.html", context)


@permission_required(Permission.INVOICE_EDIT)
@require_http_methods(["GET", "POST"])
def invoice_send(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a document, or send it again."""
    invoice = _invoice(public_id)
    has_ubl = invoice.files.filter(kind=FileKind.UBL).exclude(path="").exists()
    way, addresses = way_of(invoice, has_ubl=has_ubl)
    initial = {"way": way, "addresses": addresses if way == DeliveryWay.EMAIL else []}
    form = SendForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: send_again(invoice=invoice, **values)) is not None:
            messages.success(request, _("The delivery is queued."))
            return redirect("invoice_delivery", public_id=public_id)
    context = {"form": form, "invoice": invoice}
    return render(request, "billing/invoices/invoice_send.html", context)


@permission_required(Permission.INVOICE_EDIT)
@require_POST
def invoice_files_retry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Try again to make the files that could not be made."""
    made = retry_files(_invoice(public_id))
    if any(one.problem for one in made):
        messages.error(request, _("It could not be made this time either."))
    else:
        messages.success(request, _("The files are there."))
    return redirect("invoice_delivery", public_id=public_id)


@permission_required(Permission.INVOICE_EDIT)
@require_POST
def delivery_done(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was printed is posted, what was fetched is handed over."""
    delivery = get_object_or_404(deliveries(), public_id=public_id)
    try:
        mark_done(delivery=delivery)
        messages.success(request, _("Noted as handed over."))
    except RuleViolation as refusal:
        messages.error(request, refusal.message)
    return redirect("invoice_delivery", public_id=delivery.invoice.public_id)


@permission_required(Permission.INVOICE_VIEW)
@require_safe
def invoice_files(request: HttpRequest) -> HttpResponseBase:
    """The PDFs of a month: an archive, or one PDF to print."""
    operator = operator_of(request)
    month = f"{operator_day(operator):%Y-%m}"
    form = FilesForm(request.GET if "month" in request.GET else None, initial={"month": month})
    wanted = request.GET.get("as", "")
    rows = issued_in(**form.cleaned_data) if form.is_bound and form.is_valid() else None
    if rows is not None and wanted in ("zip", "print"):
        name = f"{request.GET['month']}.{'zip' if wanted == 'zip' else 'pdf'}"
        bundle = attempt(form, lambda: (archive if wanted == "zip" else printed)(pdfs(rows)))
        if bundle is not None:
            return FileResponse(bundle, as_attachment=True, filename=name)
    context = {"form": form, "count": rows.count() if rows is not None else None}
    return render(request, "billing/invoices/invoice_files.html", context)
