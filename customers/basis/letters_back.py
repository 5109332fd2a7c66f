"""Charging bases whose mail came back."""

from __future__ import annotations

from core.letters.models import Letter
from customers.basis.models import BasisDelivery, ChargingBasis
from customers.basis.sending import LETTER


class BasisLetters:
    """Letters with bases: what came back is listed as failed, and can be sent again."""

    kind = LETTER

    def came_back(self, letter: Letter) -> None:
        """Only where nothing else happened to it since."""
        ChargingBasis.objects.filter(public_id=letter.ref, delivery=BasisDelivery.SENT).update(
            delivery=BasisDelivery.FAILED, error=letter.error
        )


letters = BasisLetters()
