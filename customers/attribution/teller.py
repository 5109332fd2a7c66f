"""What charging costs the owner of a card, in words for a station's display (``PRICE_TELLER``)."""

from __future__ import annotations

from billing.accounts.models import BillingAccount
from billing.rating.price_text import price_text
from billing.rating.price_words import Language, say
from billing.tariffs.documents import parsed
from billing.tariffs.models import TariffVersion
from core.accounts.models import Operator
from core.tenancy.places import limited_to
from customers.attribution.attributor import Answer, answer_all
from customers.attribution.loading import Question
from customers.drivers.models import Driver
from stations.hardware.models import Evse
from stations.ocpp.authorisation.protocol import AuthorisationRequest, Decision, DisplayText


class PriceForCards:
    """The price that the bill will be made by, as of the request, in the driver's language."""

    def price_of(self, request: AuthorisationRequest, decision: Decision) -> DisplayText | None:
        """None where no tariff holds, and then nothing is promised."""
        operator = Operator.objects.get(pk=request.operator_id)
        evse_id, connector_type = _place(request)
        question = Question(
            at=request.at,
            site_id=request.site_id,
            station_id=request.station_id,
            evse_id=evse_id,
            connector_type=connector_type,
            token=request.id_token,
            snapshot=decision.snapshot,
        )
        answer = answer_all({0: question}, operator)[0]
        language = _language(decision, answer, operator)
        text = _text(answer, language)
        return DisplayText(text, language) if text else None


def _text(answer: Answer, language: Language) -> str:
    if answer.choice is None:
        return say(language, "free")
    if answer.choice.version is None:
        return ""
    version = TariffVersion.objects.get(pk=answer.choice.version.id)
    return price_text(parsed(version.document), language)


def _place(request: AuthorisationRequest) -> tuple[int | None, str]:
    """The EVSE that the request names, and the type of its connectors where they have one."""
    if request.evse_number is None:
        return None, ""
    with limited_to(None):
        rows = list(
            Evse.objects.filter(
                station_id=request.station_id, number=request.evse_number
            ).values_list("pk", "connectors__connector_type")
        )
    types = {connector_type for _evse, connector_type in rows if connector_type}
    return (rows[0][0] if rows else None), (types.pop() if len(types) == 1 else "")


def _language(decision: Decision, answer: Answer, operator: Operator) -> Language:
    """The driver's; else that of who pays; else the operator's."""
    driver = Driver.objects.filter(public_id=decision.snapshot.get("driver") or "").first()
    account = answer.payer.account
    payer = BillingAccount.objects.filter(pk=account.id).first() if account else None
    spoken = driver or payer
    wished = spoken.language if spoken else operator.language
    return "sv" if wished.startswith("sv") else "en"
