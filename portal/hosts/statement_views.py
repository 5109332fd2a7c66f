"""One statement as its host sees it, and its document as PDF."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.accounting.reports.columns import money
from billing.accounting.reports.report import Asked, Column, Report, Result, Row
from billing.accounting.reports.report_pdf import report_pdf
from billing.invoices.delivery_models import FileKind
from billing.invoices.file_services import CONTENT_TYPES, content, ensure_file, file_name
from billing.settlement.models import Statement
from billing.settlement.selectors import ShownLine, shown_lines
from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.files.serving import file_response
from portal.hosts.files import download
from portal.hosts.statements import host_statements

PDF: Final = "application/pdf"


def find_host_statement(request: HttpRequest, public_id: str) -> Statement:
    """A statement that the host may see, or 404."""
    rows = host_statements(operator_of(request))
    statement: Statement = get_object_or_404(rows, public_id=public_id)
    return statement


@permission_required(Permission.HOST_VIEW)
@require_safe
def host_statement_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Its lines, how each comes about, its document, and whether it was paid."""
    statement = find_host_statement(request, public_id)
    lines = shown_lines(statement)
    context = {
        "statement": statement,
        "parts": [
            (_("The operator pays the host"), lines["to_host"], statement.net),
            (_("The host pays the operator"), lines["to_operator"], statement.fee_net),
        ],
        "findings": [str(one) for one in statement.said],
    }
    return render(request, "hosts/statement.html", context)


@permission_required(Permission.HOST_VIEW)
@require_safe
def host_statement_pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    """The self-billing invoice as it was made; without one the statement itself."""
    statement = find_host_statement(request, public_id)
    if statement.invoice is None:
        return download(_statement_pdf(statement), PDF, statement.public_id, "pdf")
    row = ensure_file(statement.invoice, FileKind.PDF)
    if row is None or row.problem:
        raise Http404(_("This document has no such file yet."))
    try:
        content(row)
    except RuleViolation as error:
        raise Http404(error.message) from error
    name = file_name(row, statement.invoice.number)
    return file_response(
        row.path, content_type=CONTENT_TYPES[FileKind.PDF], name=name, inline=False
    )


def _statement_pdf(statement: Statement) -> bytes:
    found = shown_lines(statement)
    rows = [_row(one, 1) for one in found["to_host"]]
    rows += [_row(one, -1) for one in found["to_operator"]]
    columns = [
        Column("What", _("What")),
        Column("Days", _("Days")),
        Column("How", _("How")),
        money("Amount", _("Amount")),
    ]
    title = _("Statement of %(site)s for %(host)s") % {
        "site": statement.site, "host": statement.host,
    }  # fmt: skip
    about = _("Amounts without VAT; what the host pays is below zero.")
    result = Result(columns, rows, currencies=frozenset({statement.currency}))
    report = Report("host-statement", title, about, lambda _asked: result)
    asked = Asked(statement.seller, statement.period_from_on, statement.period_until_on)
    return report_pdf(report, asked, result)


def _row(shown: ShownLine, sign: int) -> Row:
    line = shown.line
    days = f"{line.from_on:%Y-%m-%d} – {line.until_on:%Y-%m-%d}"
    return str(line), days, shown.told, sign * line.amount
