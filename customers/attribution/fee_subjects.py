"""What fees can be for: tokens, drivers, bays (setting ``FEE_SUBJECTS``)."""

from __future__ import annotations

from django.urls import reverse

from billing.accounts.fee_models import SubjectKind
from billing.accounts.subjects import FeeSubject
from customers.drivers.models import Driver
from customers.residents.models import Bay
from customers.tokens.models import IdToken
from customers.tokens.selectors import find_token


class CustomerSubjects:
    """Tokens by number, drivers by public id, e-mail or name, bays by public id or name; a bay
    that is in no register is what it is called."""

    def find(self, kind: str, text: str) -> FeeSubject | None:
        """What ``text`` names among the operator's own."""
        if kind == SubjectKind.TOKEN:
            token = find_token(text) or IdToken.objects.filter(printed_number=text).first()
            return FeeSubject(token.uid, str(token)) if token else None
        if kind == SubjectKind.DRIVER:
            driver = _driver(text)
            return FeeSubject(driver.public_id, driver.name) if driver else None
        return _bay(text)

    def url(self, kind: str, ref: str) -> str:
        """The page of a token, driver or bay that is still there."""
        if kind == SubjectKind.TOKEN:
            token = find_token(ref)
            return reverse("token_detail", args=[token.pk]) if token else ""
        if kind == SubjectKind.DRIVER:
            return reverse("driver_detail", args=[ref])
        known = Bay.objects.filter(public_id=ref).exists()
        return reverse("bay_detail", args=[ref]) if known else ""


def _bay(text: str) -> FeeSubject | None:
    """A bay of the register; several sites may have one of the same name."""
    site, _sign, name = text.rpartition(" · ")
    for named in ({"public_id": text}, {"name__iexact": name or text, "site__name__iexact": site},
                  {"name__iexact": text}):  # fmt: skip
        found = list(Bay.objects.filter(**named).select_related("site")[:2])
        if len(found) > 1:
            return None
        if found:
            return FeeSubject(found[0].public_id, f"{found[0].site} · {found[0].name}")
    return FeeSubject(text, text)


def _driver(text: str) -> Driver | None:
    for named in ({"public_id": text}, {"email__iexact": text}, {"name__iexact": text}):
        found = list(Driver.objects.filter(**named)[:2])
        if found:
            only: Driver | None = found[0] if len(found) == 1 else None
            return only
    return None
