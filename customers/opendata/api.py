"""REST: whether open data is published, and how fresh it is."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import ScopedView
from customers.opendata import services
from customers.opendata.models import OpenDataDocument, OpenDataFetch


class OpenDataDocumentSerializer(serializers.ModelSerializer[OpenDataDocument]):
    """A document and its last change."""

    class Meta:
        model = OpenDataDocument
        fields = ("name", "changed_at", "checked_at")


class OpenDataFetchSerializer(serializers.ModelSerializer[OpenDataFetch]):
    """Who reads a document."""

    class Meta:
        model = OpenDataFetch
        fields = ("name", "reader", "times", "last_at")


class OpenDataSerializer(serializers.Serializer[Any]):
    """The feed, its documents and its readers."""

    is_open = serializers.BooleanField()
    national_id = serializers.CharField(allow_blank=True)
    needs_key = serializers.BooleanField()
    documents = OpenDataDocumentSerializer(many=True)
    fetches = OpenDataFetchSerializer(many=True)


class OpenDataWriteSerializer(Input):
    """Whether places are published, and under which ID."""

    is_open = serializers.BooleanField()
    national_id = serializers.CharField(max_length=60, allow_blank=True, required=False)


class OpenDataKeyWriteSerializer(Input):
    """Whether readers need a key."""

    is_needed = serializers.BooleanField()


class OpenDataKeySerializer(serializers.Serializer[Any]):
    """The new key, shown this once; empty: none is needed."""

    key = serializers.CharField(allow_blank=True)


class OpenDataView(ScopedView):
    """Open data of the operator."""

    read_permission = Permission.OPERATOR_EDIT
    write_permission = Permission.OPERATOR_EDIT

    @extend_schema(responses=OpenDataSerializer)
    def get(self, request: Request) -> Response:
        """Closed until somebody opens it."""
        return Response(OpenDataSerializer(_state(request)).data)

    @extend_schema(request=OpenDataWriteSerializer, responses=OpenDataSerializer)
    def put(self, request: Request) -> Response:
        """Publish, or stop."""
        given = OpenDataWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = {"national_id": ""} | given.validated_data
        services.set_feed(operator=operator_of(request), **values)
        return Response(OpenDataSerializer(_state(request)).data)


def _state(request: Request) -> dict[str, Any]:
    operator = operator_of(request)
    feed = services.feed_of(operator)
    return {
        "is_open": feed.is_open,
        "national_id": feed.national_id,
        "needs_key": bool(feed.key_digest),
        "documents": list(OpenDataDocument.objects.all()),
        "fetches": list(OpenDataFetch.objects.all()[:100]),
    }


class OpenDataKey(ScopedView):
    """The key of readers."""

    write_permission = Permission.OPERATOR_EDIT

    @extend_schema(request=OpenDataKeyWriteSerializer, responses=OpenDataKeySerializer)
    def post(self, request: Request) -> Response:
        """A new key, or none; an older one ends."""
        given = OpenDataKeyWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        key = services.set_key(operator=operator_of(request), **given.validated_data)
        return Response({"key": key})


urls = [
    address("open-data", OpenDataView, "open_data"),
    address("open-data/key", OpenDataKey, "open_data_key"),
]
