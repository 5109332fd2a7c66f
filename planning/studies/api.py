"""REST: studies, their plans, and what follows from them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import may, operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from planning.demand.selectors import demand_models
from planning.layers.selectors import layers_named
from planning.studies import selectors, services
from planning.studies.choices import LayerRole, Objective
from planning.studies.lists import StudyFilter
from planning.studies.models import Study, StudySite
from planning.studies.parameters import Parameters
from planning.studies.words import failure_text


class StudySerializer(serializers.ModelSerializer[Study]):
    """A study: what was asked, how far it is, how good the answer is. ``failure_text``: why there
    is none; ``is_cut_off``: more time could make the plan better."""

    id = serializers.CharField(source="public_id")
    failure_text = serializers.SerializerMethodField()
    is_cut_off = serializers.SerializerMethodField()

    class Meta:
        model = Study
        fields = (
            "id", "name", "version", "objective", "parameters", "currency", "seed",
            "input_sha256", "state", "phase", "share", "objective_value", "bound", "gap",
            "failure", "failure_text", "is_cut_off", "created_by", "created_at", "started_at",
            "finished_at",
        )  # fmt: skip

    def get_failure_text(self, study: Study) -> str:
        """A sentence; empty when it did not fail."""
        return failure_text(study)

    def get_is_cut_off(self, study: Study) -> bool:
        """Whether it can go on."""
        return services.is_cut_off(study)


class StudySiteSerializer(serializers.ModelSerializer[StudySite]):
    """A site of a plan with size, money and neighbours. ``site``: the planned site it became."""

    site = serializers.CharField(source="site.public_id", default=None, allow_null=True)

    class Meta:
        model = StudySite
        fields = (
            "rank", "label", "longitude", "latitude", "adds_kwh", "only_kwh", "gets_kwh",
            "figures", "site",
        )  # fmt: skip


class StudyDetailSerializer(StudySerializer):
    """A study with its plan and its ``result``."""

    sites = StudySiteSerializer(many=True)

    class Meta(StudySerializer.Meta):
        fields = (*StudySerializer.Meta.fields, "result", "sites")  # type: ignore[assignment]  # more of them


class StudyAskSerializer(Input):
    """A question. Layers by public id; ``parameters`` as a study shows them, defaults for the rest;
    ``demand_model``: its layers and assumptions stand for ``demand`` and ``assumptions``;
    ``follows``: the study whose next version it is."""

    name = serializers.CharField(max_length=120)
    objective = serializers.ChoiceField(choices=Objective.choices, required=False)
    parameters = serializers.DictField(required=False)
    demand_model = serializers.CharField(max_length=24, required=False)
    demand = serializers.ListField(child=serializers.CharField(max_length=24), required=False)
    candidates = serializers.ListField(child=serializers.CharField(max_length=24), required=False)
    existing = serializers.ListField(child=serializers.CharField(max_length=24), required=False)
    roads = serializers.ListField(child=serializers.CharField(max_length=24), required=False)
    grid = serializers.ListField(child=serializers.CharField(max_length=24), required=False)
    areas = serializers.ListField(child=serializers.CharField(max_length=24), required=False)
    seed = serializers.IntegerField(min_value=0, max_value=2_000_000_000, required=False)
    follows = serializers.CharField(max_length=24, required=False)


class StudyList(ListView):
    """All studies; POST asks one."""

    read_permission = Permission.PLANNING_VIEW
    write_permission = Permission.PLANNING_EDIT
    serializer_class = StudySerializer
    filterset_class = StudyFilter

    def rows(self) -> QuerySet[Study]:
        """Studies of the caller's operator."""
        return selectors.studies()

    @extend_schema(request=StudyAskSerializer, responses={201: StudySerializer})
    def post(self, request: Request) -> Response:
        """Ask a study; 422 for what cannot be asked."""
        given = StudyAskSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        follows = values.get("follows")
        layers = {str(role): layers_named(values.get(role, []), str(role)) for role in LayerRole}
        parameters = _parameters(values)
        if values.get("demand_model"):
            model = _named(demand_models(), values, "demand_model")
            parameters, layers = services.from_model(parameters, layers, model)
        study = services.ask_study(
            operator=operator_of(request),
            name=values["name"],
            parameters=parameters,
            layers=layers,
            seed=values.get("seed", 1),
            follows=_named(selectors.studies(), values, "follows") if follows else None,
        )
        return Response(StudySerializer(study).data, status=201)


def _named(among: QuerySet[Any], values: dict[str, Any], field: str) -> Any:
    """The row that a field of the body names; InvalidInput that names the field."""
    found = among.filter(public_id=values[field]).first()
    if found is None:
        raise InvalidInput("unknown_id", _("There is nothing with this id."), field=field)
    return found


def _parameters(values: dict[str, Any]) -> Parameters:
    """The given ones over the defaults; 422 for unknown names and wrong kinds."""
    given = dict(values.get("parameters", {}))
    if "objective" in values:
        given["objective"] = values["objective"]
    plain = Parameters().as_json()
    for name, value in given.items():
        if name not in plain or not _fits(name, value, plain[name]):
            raise InvalidInput(
                "parameter", _("This parameter cannot have that value."), field=str(name)
            )
    lists = {name: tuple(given[name]) for name in TUPLES if name in given}
    return Parameters(**{**given, **lists})


TUPLES = ("fixed", "forbidden", "growth_by_year", "goes_on_from")
NUMBERS_OR_NONE = tuple(one.name for one in fields(Parameters) if "None" in str(one.type))


def _fits(name: str, value: Any, default: Any) -> bool:
    if name == "objective":
        return value in Objective.values
    if isinstance(default, str):
        return False
    if isinstance(default, bool):
        return isinstance(value, bool)
    if name == "growth_by_year":
        return isinstance(value, list) and all(_is_number(one) for one in value)
    if isinstance(default, list):
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if isinstance(default, dict):
        return isinstance(value, dict) and all(_is_number(one) for one in value.values())
    if value is None:
        return name in NUMBERS_OR_NONE
    whole = name in ("sites", "sites_per_year", "years", "target_year")
    return _is_number(value) and (not whole or isinstance(value, int))


def _is_number(value: Any) -> bool:
    """Within what a float holds: JSON may have whole numbers of any length."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


class StudyDetail(DetailView):
    """One study with its plan."""

    read_permission = Permission.PLANNING_VIEW
    serializer_class = StudyDetailSerializer

    def get_object(self) -> Study:
        """The caller's own, or 404."""
        return get_object_or_404(
            selectors.studies().prefetch_related("sites__site"), public_id=self.kwargs["ref"]
        )


class StudyCancel(ScopedView):
    """POST stops a study."""

    write_permission = Permission.PLANNING_EDIT

    @extend_schema(request=None, responses=StudySerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Stop it; 409 when it is over."""
        study = get_object_or_404(selectors.studies(), public_id=ref)
        return Response(StudySerializer(services.cancel_study(study=study)).data)


class StudyAgain(ScopedView):
    """POST asks the same once more."""

    write_permission = Permission.PLANNING_EDIT

    @extend_schema(request=None, responses={201: StudySerializer})
    def post(self, request: Request, ref: str) -> Response:
        """The next version."""
        study = get_object_or_404(selectors.studies(), public_id=ref)
        return Response(StudySerializer(services.ask_again(study=study)).data, status=201)


class GoOnSerializer(Input):
    """``time_limit_s``: seconds to go on for; twice as long as before unless given."""

    time_limit_s = serializers.FloatField(min_value=1, max_value=600, required=False)


class StudyGoOn(ScopedView):
    """POST solves on from the plan that the time limit cut off."""

    write_permission = Permission.PLANNING_EDIT

    @extend_schema(request=GoOnSerializer, responses={201: StudySerializer})
    def post(self, request: Request, ref: str) -> Response:
        """The next version, that begins with the plan there is; 409 when it is proven or has
        none."""
        study = get_object_or_404(selectors.studies(), public_id=ref)
        given = GoOnSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        limit = given.validated_data.get("time_limit_s")
        made = services.go_on(study=study, time_limit_s=limit)
        return Response(StudySerializer(made).data, status=201)


class StudyPlanSite(ScopedView):
    """POST makes a chosen place a planned site."""

    write_permission = Permission.PLANNING_EDIT

    @extend_schema(request=None, responses={201: StudySiteSerializer})
    def post(self, request: Request, ref: str, number: str) -> Response:
        """The site that it becomes; 409 when it is one already."""
        if not may(request, Permission.NETWORK_EDIT):
            raise PermissionDenied
        study = get_object_or_404(selectors.studies(), public_id=ref)
        chosen = get_object_or_404(study.sites, rank=int(number))
        services.plan_site(chosen=chosen)
        chosen.refresh_from_db()
        return Response(StudySiteSerializer(chosen).data, status=201)


urls = [
    address("studies", StudyList, "studies"),
    address("studies/{ref}", StudyDetail, "study"),
    address("studies/{ref}/cancel", StudyCancel, "study_cancel"),
    address("studies/{ref}/again", StudyAgain, "study_again"),
    address("studies/{ref}/go-on", StudyGoOn, "study_go_on"),
    address("studies/{ref}/sites/{number}/plan", StudyPlanSite, "study_plan_site"),
]
