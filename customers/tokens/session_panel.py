"""Who charged: person, company and card on the page of a session (``SESSION_PANELS``)."""

from __future__ import annotations

from django.db.models.functions import Upper
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.panels import Panel
from customers.companies.models import Company
from customers.drivers.models import Driver, Vehicle
from customers.tokens.models import IdToken
from stations.sessions.models import Session


class PersonPanel:
    """The card and its owner of the time when the session began; as they are now where the
    session tells no owner."""

    def panel(self, request: HttpRequest, session: Session) -> Panel | None:
        """Nothing for a session without a token, and for readers who may not see tokens."""
        if not session.id_token or not has_permission(request, Permission.TOKEN_VIEW):
            return None
        snapshot = session.token_snapshot or {}
        token = (
            IdToken.objects.annotate(upper_uid=Upper("uid"))
            .select_related("driver__company", "company")
            .filter(upper_uid=session.id_token.strip().upper())
            .first()
        )
        sees_people = has_permission(request, Permission.DRIVER_VIEW)
        driver, company = _owners(snapshot, token) if sees_people else (None, None)
        return Panel(
            _("Who charged"),
            "customers/tokens/_session_panel.html",
            {
                "token": token,
                "driver": driver,
                "company": company,
                "vehicle": _vehicle(snapshot) if sees_people else None,
                "registration_number": snapshot.get("registration_number", "")
                if sees_people
                else "",
                "driver_name": snapshot.get("driver_name", "") if sees_people else "",
                "company_name": snapshot.get("company_name", "") if sees_people else "",
                "printed_number": (token.printed_number if token else "")
                or snapshot.get("printed_number", ""),
                "purpose": token.get_purpose_display() if token else snapshot.get("purpose", ""),
            },
        )


def _vehicle(snapshot: dict[str, str]) -> Vehicle | None:
    """What the card sat in then, if it is still there."""
    ref = snapshot.get("vehicle")
    return Vehicle.objects.filter(public_id=ref).first() if ref else None


def _owners(
    snapshot: dict[str, str], token: IdToken | None
) -> tuple[Driver | None, Company | None]:
    """Driver and company of then; of now where the snapshot names neither."""
    then_driver, then_company = snapshot.get("driver"), snapshot.get("company")
    if then_driver or then_company:
        driver = Driver.objects.filter(public_id=then_driver).first() if then_driver else None
        company = Company.objects.filter(public_id=then_company).first() if then_company else None
        return driver, company
    if token is None:
        return None, None
    return token.driver, token.company or (token.driver.company if token.driver else None)


source = PersonPanel()
