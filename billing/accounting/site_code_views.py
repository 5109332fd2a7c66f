"""What sites are called in the books: list and form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from billing.accounting.site_codes import set_site_code, sites_with_codes
from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.forms import attempted, posted
from core.lists.filters import BooleanFilter, ListFilterSet
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.tables import ListTable, TextColumn, TitleColumn
from core.lists.views import list_view
from stations.sites.models import Site


class SiteCodeFilter(ListFilterSet):
    """Sites by text, and whether they have a code of their own."""

    search_fields = ("name", "public_id", "city", "book_code__code")
    without_code = BooleanFilter(
        field_name="book_code", lookup_expr="isnull", label=_("No code of its own")
    )

    class Meta:
        model = Site
        fields: list[str] = []


class SiteCodeTable(ListTable):
    """Sites with what the books call them."""

    name = TitleColumn(_("Site"), detail="site_code_edit", key="public_id")
    shown_code = TextColumn(_("Code in the books"))
    city = TextColumn(_("Town"))

    class Meta(ListTable.Meta):
        model = Site
        fields: tuple[str, ...] = ()
        order_by = "name"


SITE_CODES = ListSpec(
    name="site_codes",
    title=_("Sites in the books"),
    permission=Permission.LEDGER_VIEW,
    queryset=lambda _request: sites_with_codes(),
    filterset=SiteCodeFilter,
    table=SiteCodeTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("name"),
        CsvColumn("code", "shown_code", label=_("Code in the books")),
    ),
    empty=EmptyText(
        _("No site yet"), _("A site is called by its public id until it is given a code.")
    ),
    search_hint=_("Name, town or code"),
)

site_code_list = list_view(SITE_CODES)


class SiteCodeForm(forms.Form):
    """What a site is called, and why."""

    code = forms.CharField(
        label=_("Code in the books"),
        max_length=20,
        required=False,
        help_text=_("As your ledger knows its cost centre. Empty: the site's public id."),
    )
    reason = forms.CharField(label=_("Why"), max_length=500, required=False)


@permission_required(Permission.LEDGER_EDIT)
@require_http_methods(["GET", "POST"])
def site_code_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call a site otherwise from the next entry on."""
    site: Any = get_object_or_404(sites_with_codes(), public_id=public_id)
    form = SiteCodeForm(posted(request), initial={"code": site.code or ""})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(form, lambda: set_site_code(site=site, **values)):
            messages.success(request, _t("The next entries call the site so."))
            return redirect("site_code_list")
    return render(request, "billing/accounting/site_code_form.html", {"form": form, "site": site})
