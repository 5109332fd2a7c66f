"""REST: notes about objects."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import User
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView
from core.notes import services
from core.notes.filters import NoteFilter
from core.notes.models import Note
from core.objects.api import kind_name, named_object, visible


class NoteSerializer(serializers.ModelSerializer[Note]):
    """A note and what it is about."""

    kind = serializers.SerializerMethodField()

    class Meta:
        model = Note
        fields = (
            "id",
            "kind",
            "object_id",
            "text",
            "author_label",
            "is_pinned",
            "created_at",
            "edited_at",
        )

    def get_kind(self, note: Note) -> str:
        """The kind of object, such as ``station``."""
        return kind_name(note.object_type)


class NoteWriteSerializer(Input):
    """A new note: kind and reference of its object, and the text."""

    kind = serializers.CharField(max_length=20)
    object = serializers.CharField(max_length=64)
    text = serializers.CharField(max_length=services.MAX_LENGTH)
    is_pinned = serializers.BooleanField(default=False)


class NoteChangeSerializer(Input):
    """What may be changed of a note."""

    text = serializers.CharField(max_length=services.MAX_LENGTH, required=False)
    is_pinned = serializers.BooleanField(required=False)


class NoteList(ListView):
    """All notes, pinned ones first; POST writes one."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NOTE_WRITE
    serializer_class = NoteSerializer
    filterset_class = NoteFilter

    def rows(self) -> QuerySet[Note]:
        """Notes about what the caller may see."""
        return visible(self.request, Note.objects.order_by("-is_pinned", "-created_at", "-id"))

    @extend_schema(request=NoteWriteSerializer, responses={201: NoteSerializer})
    def post(self, request: Request) -> Response:
        """Write a note about an object."""
        given = NoteWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        _kind, instance = named_object(request, values["kind"], values["object"])
        note = services.write_note(
            instance=instance,
            operator_id=operator_of(request).pk,
            text=values["text"],
            author=_person(request),
            is_pinned=values["is_pinned"],
        )
        return Response(NoteSerializer(note).data, status=201)


class NoteDetail(DetailView):
    """One note; PATCH changes its text (its author, within a day) or pins it."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NOTE_WRITE
    serializer_class = NoteSerializer

    def get_object(self) -> Note:
        """The note, or 404."""
        note: Note = get_object_or_404(
            visible(self.request, Note.objects.all()), pk=self.kwargs["number"]
        )
        return note

    @extend_schema(request=NoteChangeSerializer, responses=NoteSerializer)
    def patch(self, request: Request, number: str) -> Response:
        """Change or pin a note."""
        note = self.get_object()
        given = NoteChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        if "text" in values:
            note = services.change_note(note=note, text=values["text"], by=_person(request))
        if "is_pinned" in values:
            note = services.pin_note(note=note, is_pinned=values["is_pinned"])
        return Response(NoteSerializer(note).data)


def _person(request: Request) -> User | None:
    return request.user if isinstance(request.user, User) else None


urls = [
    address("notes", NoteList, "notes"),
    address("notes/{number}", NoteDetail, "note"),
]
