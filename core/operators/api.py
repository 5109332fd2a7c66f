"""REST: the operator itself, its logo, its texts, its test mail."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.parsers import BoundedJSONParser
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import ScopedView
from core.errors import InvalidInput
from core.files.serving import file_response
from core.operators import services
from core.operators.models import LegalText, TextKind
from core.operators.selectors import setup_of, texts_of
from core.operators.values import FIELDS, OPERATOR_FIELDS


class OperatorDataSerializer(serializers.Serializer[Any]):
    """The operator: ids that are fixed, and what may be changed."""

    slug = serializers.CharField()
    country_code = serializers.CharField()
    party_id = serializers.CharField()
    name = serializers.CharField()
    language = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    time_zone = serializers.CharField()
    currency = serializers.CharField()
    legal_name = serializers.CharField()
    organisation_number = serializers.CharField()
    vat_number = serializers.CharField()
    address = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    bankgiro = serializers.CharField()
    iban = serializers.CharField()
    bic = serializers.CharField()
    sender_name = serializers.CharField()
    sender_email = serializers.CharField()
    reply_to = serializers.CharField()
    has_logo = serializers.BooleanField()
    version = serializers.CharField()


class OperatorChangeSerializer(Input):
    """What may be changed; ``version`` refuses when somebody else has changed it since."""

    name = serializers.CharField(max_length=120, required=False)
    language = serializers.CharField(max_length=10, required=False)
    languages = serializers.ListField(child=serializers.CharField(), required=False)
    time_zone = serializers.CharField(max_length=64, required=False)
    currency = serializers.CharField(max_length=3, required=False)
    legal_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    organisation_number = serializers.CharField(max_length=32, required=False, allow_blank=True)
    vat_number = serializers.CharField(max_length=32, required=False, allow_blank=True)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    postal_code = serializers.CharField(max_length=16, required=False, allow_blank=True)
    city = serializers.CharField(max_length=100, required=False, allow_blank=True)
    bankgiro = serializers.CharField(max_length=16, required=False, allow_blank=True)
    iban = serializers.CharField(max_length=42, required=False, allow_blank=True)
    bic = serializers.CharField(max_length=11, required=False, allow_blank=True)
    sender_name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    sender_email = serializers.EmailField(required=False, allow_blank=True)
    reply_to = serializers.EmailField(required=False, allow_blank=True)
    version = serializers.CharField(max_length=64, required=False)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


def _described(operator: Operator) -> dict[str, Any]:
    fresh = Operator.objects.get(pk=operator.pk)
    setup = setup_of(fresh)
    values = {name: getattr(fresh if name in OPERATOR_FIELDS else setup, name) for name in FIELDS}
    return values | {
        "slug": fresh.slug,
        "country_code": fresh.country_code,
        "party_id": fresh.party_id,
        "has_logo": bool(setup.logo_path),
        "version": services.version_of(setup),
    }


class OperatorView(ScopedView):
    """The caller's operator; PATCH changes it."""

    read_permission = write_permission = Permission.OPERATOR_EDIT

    @extend_schema(responses=OperatorDataSerializer)
    def get(self, request: Request) -> Response:
        """Name, legal data, bank, mail."""
        return Response(_described(operator_of(request)))

    @extend_schema(request=OperatorChangeSerializer, responses=OperatorDataSerializer)
    def patch(self, request: Request) -> Response:
        """Change some of it."""
        given = OperatorChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = {**given.validated_data}
        seen = values.pop("version", None)
        services.change_operator(operator=operator_of(request), seen=seen, **values)
        return Response(_described(operator_of(request)))


class LogoWriteSerializer(Input):
    """A logo as a file."""

    file = serializers.FileField(allow_empty_file=True)


class OperatorLogo(ScopedView):
    """The logo; PUT (multipart) sets it, DELETE removes it."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.OPERATOR_EDIT
    parser_classes = [MultiPartParser, BoundedJSONParser]

    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> HttpResponse:
        """The logo as PNG."""
        path = setup_of(operator_of(request)).logo_path
        if not path:
            raise Http404(_("There is no logo."))
        return file_response(path, content_type="image/png", name="logo.png", inline=True)

    @extend_schema(
        request={"multipart/form-data": LogoWriteSerializer}, responses=OperatorDataSerializer
    )
    def put(self, request: Request) -> Response:
        """Take a PNG, JPEG or WebP."""
        given = LogoWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.set_logo(operator=operator_of(request), upload=given.validated_data["file"])
        return Response(_described(operator_of(request)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Remove it."""
        services.remove_logo(operator=operator_of(request))
        return Response(status=204)


class LegalTextSerializer(serializers.ModelSerializer[LegalText]):
    """One published version of a text."""

    class Meta:
        model = LegalText
        fields = ("id", "kind", "language", "version", "text", "published_at", "published_label")


class LegalTextWriteSerializer(Input):
    """The next version of a text."""

    kind = serializers.ChoiceField(choices=TextKind.choices)
    language = serializers.CharField(max_length=10)
    text = serializers.CharField(max_length=services.LONGEST_TEXT)


class OperatorTexts(ScopedView):
    """Terms and privacy texts; POST publishes the next version."""

    read_permission = write_permission = Permission.OPERATOR_EDIT

    @extend_schema(responses=LegalTextSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All versions, the newest of each kind and language first."""
        return Response(LegalTextSerializer(texts_of(operator_of(request)), many=True).data)

    @extend_schema(request=LegalTextWriteSerializer, responses={201: LegalTextSerializer})
    def post(self, request: Request) -> Response:
        """Publish a text."""
        given = LegalTextWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        text = services.publish_text(operator=operator_of(request), **given.validated_data)
        return Response(LegalTextSerializer(text).data, status=201)


class TestMailSerializer(serializers.Serializer[Any]):
    """What came of a test mail: sent, or what the server said."""

    is_sent = serializers.BooleanField()
    error = serializers.CharField()


class OperatorTestMail(ScopedView):
    """POST sends a test mail to the operator's own address for replies, or its sender."""

    write_permission = Permission.OPERATOR_EDIT

    @extend_schema(request=None, responses=TestMailSerializer)
    def post(self, request: Request) -> Response:
        """Send it and tell the outcome."""
        operator = operator_of(request)
        setup = setup_of(operator)
        to = setup.reply_to or setup.sender_email
        if not to:
            raise InvalidInput("no_address", _("Enter a sender address first."))
        error = services.send_test_mail(operator=operator, to=to, language=operator.language)
        return Response({"is_sent": not error, "error": error})


urls = [
    address("operator", OperatorView, "operator"),
    address("operator/logo", OperatorLogo, "operator_logo"),
    address("operator/texts", OperatorTexts, "operator_texts"),
    address("operator/test-mail", OperatorTestMail, "operator_test_mail"),
]
