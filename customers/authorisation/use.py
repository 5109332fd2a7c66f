"""What a token uses now, read from the sessions."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db.models import DecimalField, F, Q, Sum, Value
from django.db.models.functions import Coalesce

from core.accounts.models import Operator
from customers.authorisation.limits import Use, month_began_at
from customers.authorisation.lookup import KnownToken
from stations.ocpp.authorisation.protocol import AuthorisationRequest
from stations.sessions.models import Session, SessionState

_WH: DecimalField[None, None] = DecimalField(max_digits=20, decimal_places=4)


def use_of(token: KnownToken, request: AuthorisationRequest) -> Use:
    """Running sessions of ``token`` apart from the one that asks, and this month's energy."""
    sessions = Session.objects.filter(id_token__iexact=token.uid)
    running = sessions.filter(state=SessionState.ACTIVE).exclude(_own(request)).count()
    zone = Operator.objects.values_list("time_zone", flat=True).get(pk=request.operator_id)
    energy_wh = sessions.filter(
        first_received_at__gte=month_began_at(request.at, ZoneInfo(zone))
    ).aggregate(
        total=Sum(
            Coalesce(
                F("energy_wh"),
                F("register_wh") - F("meter_start_wh"),
                Value(0),
                output_field=_WH,
            )
        )
    )["total"]
    return Use(running, int(energy_wh or 0))


def _own(request: AuthorisationRequest) -> Q:
    """The session that asks: its transaction, or the EVSE where a new start ends the old."""
    own = Q(pk__in=[])
    if request.transaction_id is not None:
        own |= Q(station_id=request.station_id, ocpp_transaction_id=request.transaction_id)
    if request.evse_number is not None:
        own |= Q(station_id=request.station_id, evse_number=request.evse_number)
    return own
