"""The page where owners choose which roles need a second factor."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission, Role
from core.accounts.second_factor import roles_that_need_one
from core.forms import attempt, posted
from core.members.security import choose_second_factor_roles


class SecondFactorForm(forms.Form):
    """The roles, and why."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles that need a second factor"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@permission_required(Permission.PEOPLE_MANAGE)
@require_http_methods(["GET", "POST"])
def member_second_factor(request: HttpRequest) -> HttpResponse:
    """Choose the roles."""
    operator = operator_of(request)
    form = SecondFactorForm(posted(request), initial={"roles": roles_that_need_one(operator)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: choose_second_factor_roles(operator=operator, **values)):
            messages.success(request, _("The choice has been saved."))
            return redirect("member_list")
    return render(request, "core/members/second_factor_form.html", {"form": form})
