"""Commands as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.api.fields import ObjectField
from core.api.inputs import Input
from stations.commands.masking import masked
from stations.commands.models import Command, CommandState
from stations.commands.waiting import LONGEST_S
from stations.commands.words import in_words


class CommandErrorSerializer(serializers.Serializer[Any]):
    """Why there is no answer: our code or the station's CALLERROR code, and words."""

    code = serializers.CharField()
    message = serializers.CharField()


class CommandSerializer(serializers.ModelSerializer[Command]):
    """A command and what came of it. ``answer`` is the station's CALLRESULT, if one came;
    Rejected is an answer, a CALLERROR is state ``failed``, silence is ``timed_out``."""

    id = serializers.CharField(source="public_id")
    station = serializers.CharField(source="station.identity")
    error = serializers.SerializerMethodField()
    parameters = serializers.SerializerMethodField()
    payload = serializers.SerializerMethodField()

    class Meta:
        model = Command
        fields = (
            "id",
            "state",
            "answer",
            "answer_status",
            "error",
            "station",
            "command",
            "parameters",
            "action",
            "payload",
            "ocpp_version",
            "origin",
            "requested_by",
            "reason",
            "batch_id",
            "message_id",
            "created_at",
            "expires_at",
            "sent_at",
            "finished_at",
        )

    def get_error(self, command: Command) -> dict[str, str] | None:
        """``{"code", "message"}`` or null."""
        if not command.error_code and command.state != CommandState.TIMED_OUT:
            return None
        code = command.error_code or "no_answer"
        return {"code": code, "message": command.error_text or in_words(code)}

    def get_parameters(self, command: Command) -> dict[str, Any]:
        """Parameters without secrets."""
        shown: dict[str, Any] = masked(command.parameters)
        shown.pop("new_password_digest", None)
        return shown

    def get_payload(self, command: Command) -> dict[str, Any]:
        """The OCPP payload without secrets."""
        shown: dict[str, Any] = masked(command.payload)
        return shown


class CommandRequestSerializer(Input):
    """``command`` with ``parameters`` (version-neutral), or ``action`` with ``payload``."""

    command = serializers.CharField(max_length=40, required=False)
    parameters = ObjectField(required=False)
    action = serializers.CharField(max_length=60, required=False)
    payload = ObjectField(required=False)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
    wait = serializers.FloatField(
        min_value=0, max_value=LONGEST_S, required=False, default=0.0, help_text="Seconds"
    )
    expires_in = serializers.IntegerField(
        min_value=1, max_value=30 * 86_400, required=False, help_text="Seconds"
    )
    queue_if_offline = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one of the two forms."""
        if ("command" in attrs) == ("action" in attrs):
            raise serializers.ValidationError(
                "Give either command (with parameters) or action (with payload)."
            )
        return attrs


class BatchRequestSerializer(CommandRequestSerializer):
    """One request to many stations, named by socket identity or public id."""

    stations = serializers.ListField(
        child=serializers.CharField(max_length=48), allow_empty=False, max_length=500
    )


class RefusalSerializer(serializers.Serializer[Any]):
    """A station that could not be asked."""

    station = serializers.CharField()
    error = CommandErrorSerializer()


class BatchSerializer(serializers.Serializer[Any]):
    """The commands of one request to many stations."""

    batch_id = serializers.UUIDField()
    commands = CommandSerializer(many=True)
    refusals = RefusalSerializer(many=True)
