"""Pages of export profiles and of the files that were made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.accounting.exports.lists import PROFILES, RECEIPTS, profiles, receipts
from billing.accounting.exports.models import ExportProfile, ExportReceipt
from billing.accounting.exports.services import (
    change_profile,
    create_profile,
    make_exports,
    waiting_entries,
)
from billing.accounting.forms import reason_field
from billing.accounting.selectors import sellers
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.files.serving import file_response
from core.forms import attempt, day_widget, posted
from core.lists.export import FORMATS
from core.lists.views import list_view
from core.stale import StaleCheck

profile_list = list_view(PROFILES)
receipt_list = list_view(RECEIPTS)
FORM = "billing/accounting/export_profile_form.html"
MOST_SHOWN = 50


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Create or change an export profile."""

    seller: Any = forms.ModelChoiceField(
        queryset=None, to_field_name="public_id", label=_("Seller"), empty_label=None
    )
    reason = reason_field()
    field_order = ("seller",)

    class Meta:
        model = ExportProfile
        fields = (
            "name", "preset", "file_format", "voucher_size", "series", "starts_on", "is_active",
        )  # fmt: skip
        widgets = {"starts_on": day_widget()}
        help_texts = {
            "series": _("At most five capital letters or digits. Empty: the ledger chooses."),
            "starts_on": _("Earlier entries are in the ledger already."),
            "voucher_size": _(
                "By the number of documents: more than 200 a month are put together."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["seller"]
        if self.instance.pk:
            del self.fields["seller"]
        else:
            chosen.queryset = sellers()

    def _post_clean(self) -> None:
        """Leave the row to the service."""


@permission_required(Permission.LEDGER_EDIT)
@require_http_methods(["GET", "POST"])
def profile_create(request: HttpRequest) -> HttpResponse:
    """A new profile."""
    form = ProfileForm(posted(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = attempt(form, lambda: create_profile(**values))
        if made is not None:
            messages.success(request, _t("The export profile has been created."))
            return redirect("export_profile_detail", public_id=made.public_id)
    return render(request, FORM, {"form": form, "profile": None})


def _profile_or_404(public_id: str) -> ExportProfile:
    profile: ExportProfile = get_object_or_404(profiles(), public_id=public_id)
    return profile


@permission_required(Permission.LEDGER_EDIT)
@require_http_methods(["GET", "POST"])
def profile_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a profile."""
    profile = _profile_or_404(public_id)
    form = ProfileForm(posted(request), instance=profile)
    check = StaleCheck(request, form, [profile])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(profile, form, changes):
            messages.success(request, _t("The export profile has been changed."))
            return redirect("export_profile_detail", public_id=public_id)
    return render(request, FORM, {"form": form, "profile": profile} | check.context())


def _change(profile: ExportProfile, form: ProfileForm, changes: dict[str, Any]) -> bool:
    return attempt(form, lambda: change_profile(profile=profile, **changes)) is not None


@permission_required(Permission.LEDGER_VIEW)
@require_safe
def profile_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A profile: what waits for it, and what it got."""
    profile = _profile_or_404(public_id)
    waiting = waiting_entries(profile)
    context = {
        "profile": profile,
        "waiting_count": waiting.count(),
        "first": waiting.first(),
        "receipts": receipts().filter(profile=profile)[:MOST_SHOWN],
        "can_edit": has_permission(request, Permission.LEDGER_EDIT),
    }
    return render(request, "billing/accounting/export_profile_detail.html", context)


@permission_required(Permission.LEDGER_EDIT)
@require_POST
def profile_export(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make files of all that waits."""
    profile = _profile_or_404(public_id)
    try:
        made = make_exports(profile=profile)
    except RuleViolation as refusal:
        messages.error(request, refusal.message)
    else:
        if made:
            messages.success(request, _t("%(count)d files were made.") % {"count": len(made)})
        else:
            messages.info(request, _t("Nothing waits for this profile."))
    return redirect("export_profile_detail", public_id=public_id)


def _receipt_or_404(public_id: str) -> ExportReceipt:
    receipt: ExportReceipt = get_object_or_404(receipts(), public_id=public_id)
    return receipt


@permission_required(Permission.LEDGER_VIEW)
@require_safe
def receipt_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The receipt of a file, with the entries that it holds."""
    receipt = _receipt_or_404(public_id)
    held = receipt.exported.select_related("entry").order_by("entry__booked_on", "entry__number")
    context = {"receipt": receipt, "entries": [one.entry for one in held[:MOST_SHOWN]]}
    return render(request, "billing/accounting/export_receipt_detail.html", context)


@permission_required(Permission.LEDGER_VIEW)
@require_safe
def receipt_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file, byte for byte as it was made."""
    one = _receipt_or_404(public_id)
    return file_response(one.path, content_type=one.content_type, name=one.name, inline=False)


@permission_required(Permission.LEDGER_VIEW)
@require_safe
def receipt_documents(request: HttpRequest, public_id: str) -> HttpResponse:
    """The list of documents behind the file's vouchers."""
    one = _receipt_or_404(public_id)
    if not one.list_path:
        raise Http404(_t("Each voucher of this file names its own document."))
    return file_response(
        one.list_path, content_type=FORMATS["csv"], name=one.list_name, inline=False
    )
