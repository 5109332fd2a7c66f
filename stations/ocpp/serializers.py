"""Records of the protocol as the API shows and takes them."""

from __future__ import annotations

from rest_framework import serializers

from core.api.fields import ObjectField
from core.api.inputs import Input
from stations.ocpp.authorisation.reasons import in_words
from stations.ocpp.knocks import in_words as knock_in_words
from stations.ocpp.models import (
    AuthorisationAttempt,
    ChargingProfile,
    FrameJournal,
    Knock,
    LocalList,
    Reservation,
    StationEvent,
)


class FrameSerializer(serializers.ModelSerializer[FrameJournal]):
    """A call and its answer, paired; texts as they went over the wire, secrets masked.

    ``direction`` in: the station called; out: we called; stray: neither call nor answer.
    """

    station = serializers.SerializerMethodField()
    took_ms = serializers.SerializerMethodField()

    class Meta:
        model = FrameJournal
        fields = (
            "id",
            "received_at",
            "station",
            "generation",
            "direction",
            "ocpp_version",
            "action",
            "message_id",
            "request",
            "answer",
            "answered_at",
            "took_ms",
            "outcome",
            "error_code",
            "findings",
        )

    def get_station(self, frame: FrameJournal) -> str | None:
        """Socket identity."""
        identities: dict[int, str] = self.context.get("identities", {})
        return identities.get(frame.station_id)

    def get_took_ms(self, frame: FrameJournal) -> int | None:
        """Milliseconds from call to answer."""
        if frame.answered_at is None:
            return None
        return max(int((frame.answered_at - frame.received_at).total_seconds() * 1000), 0)


class KnockSerializer(serializers.ModelSerializer[Knock]):
    """A refused connection, counted by identity and reason."""

    station = serializers.CharField(source="station.public_id", default=None, allow_null=True)
    reason_text = serializers.SerializerMethodField()

    class Meta:
        model = Knock
        fields = (
            "id",
            "identity",
            "reason",
            "reason_text",
            "station",
            "remote_address",
            "subprotocols",
            "user_agent",
            "attempts",
            "first_at",
            "last_at",
        )

    def get_reason_text(self, knock: Knock) -> str:
        """The reason in words."""
        return knock_in_words(knock.reason)


class AttemptSerializer(serializers.ModelSerializer[AuthorisationAttempt]):
    """Who asked to charge, where, and what was answered."""

    station = serializers.CharField(source="station.identity")
    reason_text = serializers.SerializerMethodField()

    class Meta:
        model = AuthorisationAttempt
        fields = (
            "id",
            "at",
            "station",
            "evse_number",
            "kind",
            "id_token",
            "id_token_type",
            "decision",
            "reason_code",
            "reason_text",
            "token_snapshot",
        )

    def get_reason_text(self, attempt: AuthorisationAttempt) -> str:
        """The reason in words."""
        return in_words(attempt.reason_code)


class ReservationSerializer(serializers.ModelSerializer[Reservation]):
    """A hold of an EVSE; ``number`` is the id on the wire."""

    station = serializers.CharField(source="station.identity")

    class Meta:
        model = Reservation
        fields = (
            "number",
            "station",
            "evse_number",
            "id_token",
            "group_id_token",
            "expires_at",
            "state",
            "created_at",
        )


class ProfileSerializer(serializers.ModelSerializer[ChargingProfile]):
    """A stored charging profile; ``id`` is its id on the wire."""

    id = serializers.IntegerField(source="number")

    class Meta:
        model = ChargingProfile
        fields = ("id", "description", "profile", "created_at", "updated_at")


class ProfileWriteSerializer(Input):
    """A profile in the spelling of OCPP 1.6 (ChargingProfile) or 2.0.1 (ChargingProfileType)."""

    description = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default=""
    )
    profile = ObjectField()
    reason = serializers.CharField(max_length=500, required=False, default="")


class ListStateSerializer(serializers.ModelSerializer[LocalList]):
    """How far the local list of a station is from what it should be. ``state``: in_step,
    behind, sending, failing, unsupported, off (left alone)."""

    station = serializers.CharField(source="station.identity")
    state = serializers.CharField(source="standing", read_only=True, default="")
    command = serializers.CharField(source="command.public_id", default=None, allow_null=True)

    class Meta:
        model = LocalList
        fields: tuple[str, ...] = (
            "station",
            "state",
            "choice",
            "version",
            "reported_version",
            "held_count",
            "wanted_count",
            "left_out_count",
            "last_update",
            "last_status",
            "last_at",
            "command",
            "failures",
            "next_try_at",
            "unsupported_at",
            "updated_at",
        )


class ListSerializer(ListStateSerializer):
    """The local list of a station as the station last accepted it."""

    class Meta(ListStateSerializer.Meta):
        fields = (*ListStateSerializer.Meta.fields, "entries")


class EventSerializer(serializers.ModelSerializer[StationEvent]):
    """Something a station told: security, firmware, log, monitoring, data transfer, report."""

    station = serializers.CharField(source="station.identity")

    class Meta:
        model = StationEvent
        fields = (
            "id",
            "received_at",
            "station_at",
            "station",
            "kind",
            "name",
            "severity",
            "request_number",
            "data",
        )
