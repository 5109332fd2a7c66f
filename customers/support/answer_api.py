"""REST: canned answers, and one filled in for a case."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from customers.support import answers
from customers.support.answer_models import CannedAnswer
from customers.support.filters import AnswerFilter
from customers.support.selectors import cases


class CannedAnswerSerializer(serializers.ModelSerializer[CannedAnswer]):
    """A canned answer; ``{station}`` and the like stand for what a case is about."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = CannedAnswer
        fields = ("id", "name", "text_sv", "text_en")


class CannedAnswerWriteSerializer(Input):
    """What may be written of a canned answer; one of the texts may be empty."""

    name = serializers.CharField(max_length=80)
    text_sv = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    text_en = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class FilledAnswerSerializer(serializers.Serializer[Any]):
    """A canned answer as it reads for a case."""

    id = serializers.CharField()
    name = serializers.CharField()
    text = serializers.CharField()


class CannedAnswerList(ListView):
    """Canned answers by name; POST makes one."""

    read_permission = Permission.ANSWER_EDIT
    write_permission = Permission.ANSWER_EDIT
    serializer_class = CannedAnswerSerializer
    filterset_class = AnswerFilter

    def rows(self) -> QuerySet[CannedAnswer]:
        """Those of the caller's operator."""
        return answers.answers()

    @extend_schema(request=CannedAnswerWriteSerializer, responses={201: CannedAnswerSerializer})
    def post(self, request: Request) -> Response:
        """Make one; 422 names a place that nothing can stand in."""
        given = CannedAnswerWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = answers.save_answer(
            operator=operator_of(request), answer=None, **given.validated_data
        )
        return Response(CannedAnswerSerializer(made).data, status=201)


class CannedAnswerDetail(DetailView):
    """One canned answer; PATCH changes it, DELETE removes it."""

    read_permission = Permission.ANSWER_EDIT
    write_permission = Permission.ANSWER_EDIT
    serializer_class = CannedAnswerSerializer

    def get_object(self) -> CannedAnswer:
        """The caller's own, or 404."""
        return get_object_or_404(answers.answers(), public_id=self.kwargs["ref"])

    @extend_schema(request=CannedAnswerWriteSerializer, responses=CannedAnswerSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change it."""
        row = self.get_object()
        given = CannedAnswerWriteSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        saved = answers.save_answer(
            operator=operator_of(request), answer=row, **given.validated_data
        )
        return Response(CannedAnswerSerializer(saved).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """Delete it; what was written with it stays."""
        answers.delete_answer(answer=self.get_object())
        return Response(status=204)


class CaseAnswers(ScopedView):
    """Canned answers as they read for a case."""

    read_permission = Permission.CASE_WORK

    @extend_schema(
        parameters=[
            OpenApiParameter("language", str, enum=[one for one, _w in settings.LANGUAGES])
        ],
        responses=FilledAnswerSerializer(many=True),
    )
    def get(self, request: Request, ref: str) -> Response:
        """In the language of the person, unless ``language`` names another."""
        case = get_object_or_404(cases(), public_id=ref)
        language = request.query_params.get("language", "")
        rows = [
            {"id": one.public_id, "name": one.name, "text": answers.answer_for(case, one, language)}
            for one in answers.answers()
        ]
        return Response(FilledAnswerSerializer(rows, many=True).data)


urls = [
    address("canned-answers", CannedAnswerList, "canned_answers"),
    address("canned-answers/{ref}", CannedAnswerDetail, "canned_answer"),
    address("cases/{ref}/answers", CaseAnswers, "case_answers"),
]
