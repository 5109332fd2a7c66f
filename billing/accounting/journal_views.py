"""The journal: its list and the page of one entry."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounting.attests import attest_entry, attest_of, is_lost
from billing.accounting.filters import EntryFilter
from billing.accounting.models import JournalEntry
from billing.accounting.origins import origin_of
from billing.accounting.selectors import entries, postings_of
from billing.accounting.tables import EntryTable
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.views import list_view

JOURNAL = ListSpec(
    name="vouchers",
    title=_("Journal of the books"),
    permission=Permission.LEDGER_VIEW,
    queryset=lambda _request: entries(),
    filterset=EntryFilter,
    table=EntryTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("seller", "seller.name"),
        CsvColumn("number"),
        CsvColumn("booked_on"),
        CsvColumn("kind"),
        CsvColumn("document"),
        CsvColumn("text"),
        CsvColumn("account", "account.name"),
        CsvColumn("account_id", "account.public_id", label=_("Account (public id)")),
        CsvColumn("total"),
        CsvColumn("currency"),
        CsvColumn("created_at"),
    ),
    empty=EmptyText(
        _("Nothing is booked yet"),
        _("Invoices, payments and all else that moves money are booked by themselves."),
    ),
    search_hint=_("Document, text or customer"),
)

journal_list = list_view(JOURNAL)


@permission_required(Permission.LEDGER_VIEW)
@require_safe
def journal_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One entry: its postings, what it books, and what took it back."""
    entry: JournalEntry = get_object_or_404(
        entries().select_related("reverses", "reversed_by"), public_id=public_id
    )
    postings = list(postings_of(entry))
    context = {
        "entry": entry,
        "postings": postings,
        "origin": origin_of(entry),
        "attest": attest_of(entry),
        "may_attest": is_lost(entry) and has_permission(request, Permission.LEDGER_CLOSE),
        "files": entry.exported.select_related("receipt", "profile").order_by("id"),
    }
    return render(request, "billing/accounting/journal_detail.html", context)


@permission_required(Permission.LEDGER_CLOSE)
@require_http_methods(["GET", "POST"])
def journal_attest(request: HttpRequest, public_id: str) -> HttpResponse:
    """Approve what another person let go."""
    entry: JournalEntry = get_object_or_404(entries(), public_id=public_id)
    form = ReasonForm(posted(request))
    form.fields["reason"].required = False
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["reason"]
        if attempt(form, lambda: attest_entry(entry=entry, note=note)) is not None:
            messages.success(request, _t("The entry is approved."))
            return redirect("journal_detail", public_id=public_id)
    context = {
        "title": _t("Approve entry %(name)s") % {"name": entry},
        "consequence": _t("Your name stands beside that of who let the money go, for good."),
        "verb": _t("Approve"),
        "form": form,
        "cancel_url": reverse("journal_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
