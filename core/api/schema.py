"""Drawing the OpenAPI schema, and what all operations have in common in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework.serializers import BaseSerializer

from core.api.errors import MEDIA_TYPE, ErrorSerializer
from core.api.idempotency import HEADER, LONGEST
from core.api.inputs import Strict
from core.tenancy.scopes import across_operators

PROBLEM: Final = {"$ref": "#/components/responses/Problem"}
_KEY: Final = {"$ref": "#/components/parameters/IdempotencyKey"}
_METHODS: Final = ("get", "post", "put", "patch", "delete")


class ScopelessGenerator(SchemaGenerator):
    """Looks at models through their managers, which refuse to work outside a scope."""

    def parse(self, input_request: Any, public: bool) -> Any:
        """All operations; no row is read."""
        with across_operators("the schema is drawn from models, not from rows"):
            return super().parse(input_request, public)  # type: ignore[no-untyped-call]  # its library has no types


class PortalSchema(AutoSchema):
    """Says of strict bodies that they take no other members, and describes problems."""

    def get_response_serializers(self) -> Any:
        """Notes the shape of problems, which every operation may answer."""
        self.resolve_serializer(ErrorSerializer, "response")
        return super().get_response_serializers()

    def resolve_serializer(
        self, serializer: Any, direction: Any, bypass_extensions: bool = False
    ) -> ResolvedComponent:
        """The component, closed where the serializer is strict."""
        component: ResolvedComponent = super().resolve_serializer(
            serializer, direction, bypass_extensions
        )
        kind = serializer if isinstance(serializer, type) else type(serializer)
        if (
            direction == "request"
            and issubclass(kind, BaseSerializer)
            and issubclass(kind, Strict)
            and isinstance(component.schema, dict)
            and component.schema.get("type") == "object"
        ):
            component.schema["additionalProperties"] = False
        return component


def complete(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Adds to every operation the problem it may answer, and to POST the idempotency key."""
    components = result.setdefault("components", {})
    components["responses"] = {
        "Problem": {
            "description": "A problem (RFC 9457)",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
    }
    components["parameters"] = {
        "IdempotencyKey": {
            "name": HEADER,
            "in": "header",
            "required": False,
            "description": "Makes the call act once: a repeat within a day is answered as the "
            "first was, without acting again",
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
        }
    }
    for method, operation in _operations(result):
        responses = operation["responses"]
        for code, response in responses.items():
            if code[0] in "45" and _is_error(response):
                response["content"] = {
                    MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Error"}}
                }
        responses.setdefault("default", PROBLEM)
        if method == "post":
            operation.setdefault("parameters", []).append(_KEY)
    return result


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for operations in result["paths"].values():
        for method in _METHODS:
            if method in operations:
                yield method, operations[method]


def _is_error(response: dict[str, Any]) -> bool:
    content = response.get("content", {}).get("application/json", {})
    return str(content.get("schema", {}).get("$ref", "")).endswith("/Error")
