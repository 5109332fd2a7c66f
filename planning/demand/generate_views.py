"""The page that generates candidate sites."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.forms import attempt, posted
from planning.demand.generating import MOST, ROAD_KINDS, generate_candidates
from planning.layers.hexagons import Grid
from planning.layers.kinds import DEMAND_KINDS
from planning.layers.selectors import usable_layers

SIZES = (
    (5, gettext_lazy("Some 17 km apart")),
    (6, gettext_lazy("Some 6 km apart")),
    (7, gettext_lazy("Some 2.4 km apart")),
    (8, gettext_lazy("Some 0.9 km apart")),
)


class HexagonForm(forms.Form):
    """Which demand and roads, how fine, how near."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    demand: Any = forms.ModelMultipleChoiceField(
        queryset=None, label=gettext_lazy("Demand"), widget=forms.CheckboxSelectMultiple
    )
    demand_km = forms.FloatField(
        label=gettext_lazy("At most so far from demand (km)"), min_value=0, max_value=100, initial=5
    )
    roads: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        label=gettext_lazy("Roads"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Layers with lines; none: anywhere near demand."),
    )
    road_km = forms.FloatField(
        label=gettext_lazy("At most so far from a road (km)"),
        required=False, min_value=0, max_value=100,
    )  # fmt: skip
    resolution = forms.TypedChoiceField(
        label=gettext_lazy("Hexagons"), choices=SIZES, coerce=int, initial=6
    )
    most = forms.IntegerField(
        label=gettext_lazy("At most so many"), min_value=1, max_value=MOST, initial=1000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kinds in (("demand", DEMAND_KINDS), ("roads", ROAD_KINDS)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)
            field.queryset = usable_layers(*kinds).order_by("name", "id")

    def grid(self) -> Grid:
        """The grid that is asked for."""
        given = self.cleaned_data
        return Grid(given["resolution"], given["demand_km"], given["road_km"], given["most"])


@permission_required(Permission.PLANNING_EDIT)
@require_http_methods(["GET", "POST"])
def layer_generate(request: HttpRequest) -> HttpResponse:
    """Candidate sites on a hexagonal grid."""
    form = HexagonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        layer = attempt(
            form,
            lambda: generate_candidates(
                operator=operator_of(request),
                name=given["name"],
                demand=list(given["demand"]),
                roads=list(given["roads"]),
                grid=form.grid(),
            ),
        )
        if layer is not None:
            messages.success(request, _("The layer has been added."))
            return redirect("layer_detail", public_id=layer.public_id)
    context = {"form": form, "has_layers": usable_layers(*DEMAND_KINDS).exists()}
    return render(request, "planning/layers/layer_generate.html", context)
