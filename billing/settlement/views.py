"""Pages of statements and of the terms behind them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounts.dated import operator_day
from billing.sellers.selectors import contracts_of
from billing.settlement import selectors
from billing.settlement.forms import EndTermsForm, HostInvoiceForm, TermsForm, initial_of
from billing.settlement.issuing import issue_seen, record_host_invoice
from billing.settlement.lists import ITEMS, STATEMENTS
from billing.settlement.mailing import send_statement
from billing.settlement.models import Route, Statement
from billing.settlement.statement_pdf import statement_name, statement_pdf
from billing.settlement.term_models import HostTerms
from billing.settlement.term_services import end_terms, set_terms
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.confirming import Question, confirm
from core.files.serving import pdf_response
from core.forms import ReasonForm, attempt, attempted, posted
from core.lists.views import list_view
from stations.sites.models import Site
from stations.sites.selectors import sites

statement_list = list_view(STATEMENTS)
statement_item_list = list_view(ITEMS)


def find_statement(public_id: str) -> Statement:
    """A statement of the operator in scope, or 404."""
    found: Statement = get_object_or_404(selectors.statements(), public_id=public_id)
    return found


@permission_required(Permission.SETTLEMENT_VIEW)
@require_safe
def statement_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A statement: its lines, what it counted, its documents, and whether it was paid."""
    statement = find_statement(public_id)
    lines = selectors.shown_lines(statement)
    can_issue = has_permission(request, Permission.SETTLEMENT_ISSUE)
    context = {
        "statement": statement,
        "to_host": lines["to_host"],
        "to_operator": lines["to_operator"],
        "findings": [str(one) for one in statement.said],
        "before": selectors.before(statement),
        "sets_off": any(one.sets_off for one in lines["to_operator"]),
        "set_offs": selectors.set_offs(statement),
        "can_issue": can_issue and statement.is_draft,
        "can_send": can_issue and not statement.is_draft and bool(statement.host.email),
        "can_record": can_issue and statement.shown_state == "awaits_invoice",
    }
    return render(request, "billing/settlement/statement_detail.html", context)


@permission_required(Permission.SETTLEMENT_VIEW)
@require_safe
def statement_paper(request: HttpRequest, public_id: str) -> HttpResponse:
    """A statement as PDF, in the reader's language."""
    statement = find_statement(public_id)
    language = "sv" if (get_language() or "").startswith("sv") else "en"
    data = statement_pdf(statement, language=language)
    return pdf_response(data, statement_name(statement))


@permission_required(Permission.SETTLEMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def statement_issue(request: HttpRequest, public_id: str) -> HttpResponse:
    """Issue a draft, with the documents that go with it."""
    statement = find_statement(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: issue_seen(statement=statement, reason=reason)):
            messages.success(request, _("The statement has been issued."))
            return redirect("statement_detail", public_id=public_id)
    context = {
        "title": _("Issue the statement of %(what)s") % {"what": statement},
        "consequence": _consequence(statement),
        "verb": _("Issue"),
        "form": form,
        "cancel_url": reverse("statement_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


def _consequence(statement: Statement) -> str:
    told = {
        Route.SELF_BILLING: _(
            "It stays as it is, and a self-billing invoice gets the next number of the host."
        ),
        Route.STATEMENT: _("It stays as it is, and the amount is owed to the host without VAT."),
        Route.HOST_INVOICE: _("It stays as it is, and waits for the host's own invoice."),
        Route.CARRIED: _("It stays as it is; the next statement takes over the sum below zero."),
        Route.NOTHING: _("It stays as it is; nothing is owed to the host."),
    }
    return told[Route(statement.route)]


@permission_required(Permission.SETTLEMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def statement_send(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send an issued statement to its host."""
    statement = find_statement(public_id)
    question = Question(
        _("Send the statement to %(address)s") % {"address": statement.host.email or "–"},
        _("The host gets it by mail, as PDF."),
        _("Send"),
        _("The statement has been sent."),
    )
    back_url = reverse("statement_detail", args=[public_id])
    return confirm(
        request,
        question,
        lambda reason: send_statement(statement=statement, reason=reason),
        back_url=back_url,
        is_reason_needed=False,
    )


@permission_required(Permission.SETTLEMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def statement_host_invoice(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note the invoice that the host sent."""
    statement = find_statement(public_id)
    form = HostInvoiceForm(posted(request), statement=statement)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: record_host_invoice(statement=statement, **values)):
            messages.success(request, _("The host's invoice has been noted."))
            return redirect("statement_detail", public_id=public_id)
    context = {"form": form, "statement": statement}
    return render(request, "billing/settlement/host_invoice_form.html", context)


def _site(public_id: str) -> Site:
    site: Site = get_object_or_404(sites().select_related("operator"), public_id=public_id)
    return site


@permission_required(Permission.SETTLEMENT_VIEW)
@require_safe
def site_host_terms(request: HttpRequest, public_id: str) -> HttpResponse:
    """What hosts of a site earn and pay: now, before and later."""
    site = _site(public_id)
    today = operator_day(site.operator)
    rows = list(selectors.host_terms().filter(site=site))
    context = {
        "site": site,
        "terms": [(row, row.holds_on(today)) for row in rows],
        "has_host": any(one.host_id for one in contracts_of(site.pk)),
        "can_edit": has_permission(request, Permission.SETTLEMENT_EDIT),
    }
    return render(request, "billing/settlement/site_host_terms.html", context)


@permission_required(Permission.SETTLEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def site_host_terms_change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Other terms from a day on; ``like`` names those that the form begins with."""
    site = _site(public_id)
    like = selectors.host_terms().filter(site=site, public_id=request.GET.get("like", "")).first()
    today = operator_day(site.operator)
    initial = initial_of(like or _latest(site), site.operator.currency) | {
        "from_on": today.replace(day=1)
    }
    form = TermsForm(posted(request), site=site, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        saved = attempt(
            form,
            lambda: set_terms(
                site=site,
                host=given["host"],
                station=given["station"],
                from_on=given["from_on"],
                new=form.new_terms(),
                reason=given["reason"],
            ),
        )
        if saved is not None:
            messages.success(request, _("The terms have been entered."))
            return redirect("site_host_terms", public_id=public_id)
    context = {"form": form, "site": site}
    return render(request, "billing/settlement/terms_form.html", context)


def _latest(site: Site) -> HostTerms | None:
    return selectors.host_terms().filter(site=site, station=None).order_by("-valid_from_on").first()


@permission_required(Permission.SETTLEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def host_terms_end(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let terms end."""
    terms: HostTerms = get_object_or_404(
        selectors.host_terms().select_related("site__operator"), public_id=public_id
    )
    site = terms.site
    form = EndTermsForm(posted(request), initial={"from_on": operator_day(site.operator)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(
            form,
            lambda: end_terms(site=site, host=terms.host, station=terms.station, **values),
        ):
            messages.success(request, _("The terms end."))
            return redirect("site_host_terms", public_id=site.public_id)
    context = {
        "title": _("End the terms of %(host)s") % {"host": terms},
        "consequence": _("From that day on nothing is settled by them."),
        "verb": _("End the terms"),
        "form": form,
        "cancel_url": reverse("site_host_terms", args=[site.public_id]),
    }
    return render(request, "confirm.html", context)
