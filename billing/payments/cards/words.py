"""Why a card payment failed, in the reader's language."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WHY: Final[dict[str, Promise]] = {
    "authentication_required": gettext_lazy("The bank wants the customer to confirm."),
    "payment_intent_authentication_failure": gettext_lazy("The customer was not confirmed."),
    "insufficient_funds": gettext_lazy("There was not enough money on the card."),
    "expired_card": gettext_lazy("The card has expired."),
    "lost_card": gettext_lazy("The card is reported lost."),
    "stolen_card": gettext_lazy("The card is reported stolen."),
    "incorrect_cvc": gettext_lazy("The card's security code is wrong."),
    "processing_error": gettext_lazy("The bank had a fault."),
    "card_velocity_exceeded": gettext_lazy("The card's limit is reached."),
    "card_not_supported": gettext_lazy("The card cannot be used for this."),
    "page_expired": gettext_lazy("Nobody paid in time."),
    "never_arrived": gettext_lazy("The provider was not reached; nothing was collected."),
    "keys": gettext_lazy("The provider does not accept our key."),
    "payment_method_detached": gettext_lazy("The card was removed."),
}


def failure_words(code: str, decline_code: str) -> str:
    """A sentence; empty where nothing failed. The bank's own code is left for those who know it."""
    if not code and not decline_code:
        return ""
    words = _WHY.get(decline_code) or _WHY.get(code)
    return str(words) if words else _("The bank refused.")
