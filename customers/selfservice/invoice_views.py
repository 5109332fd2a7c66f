"""Invoices of a customer: the list, one of them, its PDF, many at once, and how they arrive."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounts.dated import operator_day
from billing.accounts.services import change_account
from billing.invoices.bundles import archive
from billing.invoices.delivery_models import FileKind
from billing.invoices.document_parts import DocumentError
from billing.invoices.documents import document_of
from billing.invoices.file_services import CONTENT_TYPES, content, ensure_file, file_name, pdfs
from billing.invoices.models import Invoice, InvoiceKind
from billing.invoices.pdf.code import payment_code, picture
from billing.invoices.selectors import items_of
from billing.invoices.snapshots import payment_of
from billing.payments.cards.methods import can_pay
from core.errors import RuleViolation
from core.files.serving import file_response
from core.forms import attempt, attempted, posted
from customers.selfservice.customer import Customer, customer_page
from customers.selfservice.forms import BillingForm, PeriodForm, TextForm
from customers.selfservice.home import due_of, open_invoices
from customers.selfservice.lists import INVOICE_COLUMNS, MyInvoiceFilter, download, listing
from customers.selfservice.mine import accounts_of, invoices_of, visible_sessions
from customers.selfservice.objecting import object_to_invoice
from customers.selfservice.page import my_render
from customers.selfservice.paying import pay_url

SHOWN: Final = 200
INVOICES = gettext_lazy("Invoices")


def find_invoice(customer: Customer, public_id: str) -> Invoice:
    """A document that the customer may open; 404 for every other one."""
    invoice: Invoice = get_object_or_404(invoices_of(customer), public_id=public_id)
    return invoice


@require_safe
@customer_page
def my_invoice_list(request: HttpRequest, customer: Customer) -> HttpResponseBase:
    """Every issued document, with filters and as a file."""
    filterset = MyInvoiceFilter(request.GET, queryset=invoices_of(customer), request=request)
    file = download(request, filterset, name="my-invoices", title=INVOICES, columns=INVOICE_COLUMNS)
    if file is not None:
        return file
    accounts = accounts_of(customer, operator_day(customer.operator))
    takes_cards = not customer.is_read_only and any(map(can_pay, accounts))
    context = listing(request, filterset) | {
        "dues": due_of(open_invoices(customer)),
        "accounts": accounts,
        "takes_cards": takes_cards,
    }
    return my_render(request, customer, "invoice_list.html", context)


@require_safe
@customer_page
def my_invoice_detail(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """Lines, sums, the sessions behind them, and how to pay."""
    invoice = find_invoice(customer, public_id)
    items = items_of(invoice).filter(billable__isnull=False)
    shown = list(items[:SHOWN])
    own = visible_sessions(customer).filter(
        pk__in=[one.billable.session_id for one in shown if one.billable is not None]
    )
    keys = set(own.values_list("pk", flat=True))
    context = {
        "invoice": invoice,
        "lines": list(invoice.lines.order_by("position")[:SHOWN]),
        "items": shown,
        "item_count": items.count(),
        "own_items": {
            one.pk for one in shown if one.billable is not None and one.billable.session_id in keys
        },
        "credit_notes": invoices_of(customer).filter(original=invoice),
        "pay_url": "" if customer.is_read_only else pay_url(customer.operator.slug, invoice),
        "can_dispute": invoice.kind == InvoiceKind.INVOICE
        and not invoice.is_disputed
        and not customer.is_read_only,
    }
    return my_render(request, customer, "invoice_detail.html", context | _ways(invoice))


def _ways(invoice: Invoice) -> dict[str, Any]:
    """Bank numbers, reference and a code to scan, while something is to be paid."""
    if invoice.kind != InvoiceKind.INVOICE or invoice.open_amount <= 0:
        return {}
    payment = payment_of(invoice.seller_snapshot, invoice.ocr)
    named = [
        (_("OCR / reference"), payment.ocr or invoice.number),
        (_("Bankgiro"), payment.bankgiro),
        (_("Plusgiro"), payment.plusgiro),
        (_("IBAN"), payment.iban),
        (_("BIC"), payment.bic),
        (_("Swish"), payment.swish),
    ]
    found = _code(invoice)
    label = ""
    if found is not None:
        label = _("Scan with Swish") if found[0] == "swish" else _("Scan with your bank's app")
    return {
        "ways": [pair for pair in named if pair[1]],
        "code": found is not None,
        "code_label": label,
    }


def _code(invoice: Invoice) -> tuple[str, str] | None:
    """The payment code of a document that nothing was paid of yet: it holds the whole sum."""
    if invoice.kind != InvoiceKind.INVOICE or invoice.open_amount != invoice.payable:
        return None
    try:
        return payment_code(document_of(invoice))
    except DocumentError:
        return None


@require_safe
@customer_page
def my_invoice_code(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """The payment code as a picture."""
    found = _code(find_invoice(customer, public_id))
    if found is None:
        raise Http404
    response = HttpResponse(picture(found[1]), content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
@customer_page
def my_invoice_pdf(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """The PDF as it was made, once."""
    invoice = find_invoice(customer, public_id)
    row = ensure_file(invoice, FileKind.PDF)
    if row is None or row.problem:
        messages.error(request, _("There is no PDF of this document yet. Try again in a while."))
        return redirect("my_invoice_detail", customer.operator.slug, public_id)
    try:
        content(row)
    except RuleViolation as error:
        raise Http404(error.message) from error
    name = file_name(row, invoice.number)
    return file_response(
        row.path, content_type=CONTENT_TYPES[FileKind.PDF], name=name, inline=False
    )


@require_http_methods(["GET", "POST"])
@customer_page
def my_invoice_dispute(request: HttpRequest, customer: Customer, public_id: str) -> HttpResponse:
    """Say that an invoice is wrong; no reminders are sent until it is answered."""
    invoice = find_invoice(customer, public_id)
    form = TextForm(posted(request))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        case = attempt(
            form, lambda: object_to_invoice(customer=customer, invoice=invoice, text=text)
        )
        if case is not None:
            messages.success(request, _("We look at it and answer here."))
            return redirect("my_case_detail", customer.operator.slug, case.public_id)
    context = {
        "title": _("Object to %(invoice)s") % {"invoice": invoice},
        "text": _("Somebody looks at the invoice. No reminders are sent until it is answered."),
        "verb": _("Send"),
        "form": form,
        "cancel_url": reverse("my_invoice_detail", args=[customer.operator.slug, public_id]),
    }
    return my_render(request, customer, "form.html", context)


@require_safe
@customer_page
def my_invoice_files(request: HttpRequest, customer: Customer) -> HttpResponseBase:
    """The PDFs of a span of days as an archive."""
    form = PeriodForm(request.GET or None)
    if form.is_bound and form.is_valid():
        span = (form.cleaned_data["from_on"], form.cleaned_data["until_on"])
        rows = invoices_of(customer).filter(issued_on__range=span)
        bundle = attempt(form, lambda: archive(pdfs(rows)))
        if bundle is not None:
            name = f"{span[0]}_{span[1]}.zip"
            return FileResponse(bundle, as_attachment=True, filename=name)
    context = {
        "form": form,
        "cancel_url": reverse("my_invoice_list", args=[customer.operator.slug]),
    }
    return my_render(request, customer, "invoice_files.html", context)


@require_http_methods(["GET", "POST"])
@customer_page
def my_billing(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Where invoices go: e-mail addresses, e-invoice address, references."""
    accounts = accounts_of(customer, operator_day(customer.operator))
    if not accounts:
        raise Http404
    account = accounts[0]
    initial = {name: getattr(account, name) for name in BillingForm.base_fields}
    form = BillingForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(form, lambda: change_account(account=account, **values)):
            messages.success(request, _("Saved. It holds for the next invoice."))
            return redirect("my_invoice_list", customer.operator.slug)
    context = {
        "title": _("How I get invoices"),
        "text": _("Billing account: %(name)s") % {"name": account.name},
        "verb": _("Save"),
        "form": form,
        "cancel_url": reverse("my_invoice_list", args=[customer.operator.slug]),
    }
    return my_render(request, customer, "form.html", context)
