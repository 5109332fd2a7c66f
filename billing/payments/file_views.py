"""Pages of bank files."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.payments import file_selectors
from billing.payments.bank.model import MOST_BYTES
from billing.payments.bank_models import BankFile, BankTransaction, TransactionState
from billing.payments.bringing import bring_file
from billing.payments.file_lists import BANK_FILES, TRANSACTIONS
from billing.payments.forms import BankFileForm
from billing.payments.matching_services import match_at_once
from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.files.store import read_upload
from core.forms import attempt, posted
from core.lists.views import list_view

MOST_SHOWN = 200
bank_file_list = list_view(BANK_FILES)
bank_transaction_list = list_view(TRANSACTIONS)


def find_transaction(public_id: str) -> BankTransaction:
    """The transaction of the operator in scope, or 404."""
    row: BankTransaction = get_object_or_404(file_selectors.transactions(), public_id=public_id)
    return row


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def bank_file_create(request: HttpRequest) -> HttpResponse:
    """Upload a file; it is taken over whole or not at all."""
    operator: Operator = operator_of(request)
    data = posted(request)
    form = BankFileForm(data, request.FILES if data is not None else None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        file = attempt(
            form,
            lambda: bring_file(
                operator=operator,
                name=upload.name or "",
                raw=read_upload(upload, most_bytes=MOST_BYTES),
            ),
        )
        if file is not None:
            match_at_once(operator=operator, file=file, now=timezone.now())
            messages.success(request, _("The file has been taken over."))
            return redirect("bank_file_detail", public_id=file.public_id)
    return render(request, "billing/payments/bank_file_create.html", {"form": form})


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def bank_file_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """What came in a file and what became of it."""
    file: BankFile = get_object_or_404(file_selectors.bank_files(), public_id=public_id)
    rows = file_selectors.transactions().filter(bank_file=file).order_by("position")
    sums = file_selectors.sums_of(file)
    context = {
        "file": file,
        "sums": sums,
        "rows": rows[:MOST_SHOWN],
        "more": max(file.transaction_count - file.known_count - MOST_SHOWN, 0),
        "new_count": sum(one.count for one in sums if one.state == TransactionState.NEW),
    }
    return render(request, "billing/payments/bank_file_detail.html", context)


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def bank_file_content(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file as it came."""
    file: BankFile = get_object_or_404(BankFile.objects.all(), public_id=public_id)
    response = HttpResponse(bytes(file.raw), content_type="application/octet-stream")
    named = content_disposition_header(as_attachment=True, filename=file.file_name)
    response["Content-Disposition"] = named or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
