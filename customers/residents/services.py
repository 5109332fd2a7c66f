"""Writing bays and residents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from billing.accounts.dated import EARLIEST_DAY
from billing.accounts.models import BillingAccount
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from customers.drivers.models import Driver
from customers.drivers.services import create_driver, set_driver_account
from customers.residents.models import Bay, Resident
from customers.residents.stay import Stay, who_is_in_the_way
from customers.tokens.services import put_token
from stations.hardware.models import Evse
from stations.sites.models import Site

RESIDENT_FIELDS: Final = (
    "object_number", "apartment", "bay", "waits_since_on", "name", "email", "phone", "driver",
    "account", "note", "valid_from_on",
)  # fmt: skip


def bay_named(*, site: Site, name: str, reason: str = "") -> Bay:
    """The bay of that name at the site, made if there is none."""
    bay: Bay | None = Bay.objects.filter(site=site, name__iexact=_plain(name)).first()
    return bay or create_bay(site=site, name=name, reason=reason)


@transaction.atomic
def create_bay(*, site: Site, name: str, reason: str = "", **values: Any) -> Bay:
    """Add a bay to a site; refuses a name or EVSE that another has."""
    bay = Bay(
        operator_id=site.operator_id, site=site, name=_plain(name), public_id=public_id("bay"),
        **values,
    )  # fmt: skip
    _check_bay(bay)
    bay.save()
    record(
        "bay.create", bay, operator_id=bay.operator_id,
        after={"site": site.name, "name": bay.name, **values}, reason=reason,
    )  # fmt: skip
    return bay


@transaction.atomic
def change_bay(*, bay: Bay, reason: str = "", **values: Any) -> Bay:
    """Change what is given of name, EVSE and note; refuses a name or EVSE that another has."""
    if "name" in values:
        values["name"] = _plain(values["name"])
    before, after = apply_changes(bay, values)
    if after:
        _check_bay(bay)
        bay.save()
        record(
            "bay.change", bay, operator_id=bay.operator_id, before=before, after=after,
            reason=reason,
        )  # fmt: skip
    return bay


@transaction.atomic
def delete_bay(*, bay: Bay, reason: str = "") -> None:
    """Remove a bay in which nobody ever was."""
    if Resident.objects.filter(bay=bay).exists():
        raise RuleViolation("bay_used", _("Somebody was, is or will be in this bay. It stays."))
    record(
        "bay.delete", bay, operator_id=bay.operator_id,
        before={"site": bay.site.name, "name": bay.name}, reason=reason,
    )  # fmt: skip
    bay.delete()


@transaction.atomic
def create_resident(
    *, site: Site, tokens: Sequence[str] = (), reason: str = "", **values: Any
) -> Resident:
    """Let somebody move in. ``bay`` may be a name. ``tokens``: numbers of cards that become the
    resident's; without a driver one is made to hold them. Refuses a bay that is taken.
    """
    resident = Resident(
        operator_id=site.operator_id, site=site, public_id=public_id("res"),
        **_checked(site, values),
    )  # fmt: skip
    _give_tokens(resident, tokens, reason)
    _store(resident)
    after = {name: getattr(resident, name) for name in RESIDENT_FIELDS}
    record(
        "resident.create", resident, operator_id=resident.operator_id,
        after=_told(after) | {"site": site.name}, reason=reason,
    )  # fmt: skip
    _let_pay(resident, reason)
    return resident


@transaction.atomic
def change_resident(
    *, resident: Resident, tokens: Sequence[str] = (), reason: str = "", **values: Any
) -> Resident:
    """Change what is given; moving out has a service of its own. Refuses a bay that is taken."""
    had = resident.driver_id, resident.account_id
    before, after = apply_changes(resident, _checked(resident.site, values))
    _give_tokens(resident, tokens, reason)
    if resident.driver_id != had[0] and "driver" not in after:
        before["driver"], after["driver"] = None, resident.driver
    if after:
        _store(resident)
        record(
            "resident.change", resident, operator_id=resident.operator_id,
            before=_told(before), after=_told(after), reason=reason,
        )  # fmt: skip
    if (resident.driver_id, resident.account_id) != had:
        _let_pay(resident, reason)
    return resident


def store_days(resident: Resident) -> None:
    """Save a resident whose days changed; refuses what the bay does not allow."""
    _store(resident)


def _checked(site: Site, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with a bay looked up, or made, by name."""
    unknown = sorted(set(values) - set(RESIDENT_FIELDS))
    if unknown:
        raise InvalidInput("unknown_field", ", ".join(unknown))
    found = {
        name: _plain(value) if isinstance(value, str) else value for name, value in values.items()
    }
    if isinstance(found.get("bay"), str):
        found["bay"] = bay_named(site=site, name=found["bay"]) if found["bay"] else None
    if found.get("bay") is not None:
        found["waits_since_on"] = None
    return found


def _store(resident: Resident) -> None:
    if not resident.name:
        raise InvalidInput("name", _("Say who it is."), field="name")
    first, last = resident.valid_from_on, resident.valid_until_on
    if first is not None and last is not None and last < first:
        raise InvalidInput(
            "days", _("The last day comes before the first."), field="valid_until_on"
        )
    _refuse_taken_bay(resident)
    resident.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            resident.save()
    except IntegrityError as error:
        raise RuleViolation(
            "bay_taken", _("The bay was taken by somebody else just now."), field="bay"
        ) from error


def _refuse_taken_bay(resident: Resident) -> None:
    bay = resident.bay
    if bay is None:
        return
    if bay.site_id != resident.site_id:
        raise InvalidInput("bay_elsewhere", _("The bay is at another site."), field="bay")
    others = Resident.objects.filter(bay=bay).exclude(pk=resident.pk)
    held = [stay_of(one) for one in others]
    found = who_is_in_the_way(stay_of(resident), held)
    if found is not None:
        raise RuleViolation("bay_taken", taken_words(bay.name, found), field="bay")


def stay_of(resident: Resident) -> Stay:
    """The resident's days as the rule takes them."""
    return Stay(
        resident.pk or "new", resident.name, resident.valid_from_on, resident.valid_until_on
    )


def taken_words(bay: str, by: Stay) -> str:
    """Who has the bay, until when."""
    if by.until_on is None:
        return _("%(name)s has bay %(bay)s until further notice.") % {"name": by.name, "bay": bay}
    return _("%(name)s has bay %(bay)s until %(day)s.") % {
        "name": by.name,
        "bay": bay,
        "day": by.until_on.isoformat(),
    }


def _give_tokens(resident: Resident, uids: Sequence[str], reason: str) -> None:
    """Make the cards the resident's driver's; without one a driver of that name is made."""
    wanted = list(dict.fromkeys(uid.strip() for uid in uids if uid.strip()))
    if not wanted:
        return
    if resident.driver is None:
        resident.driver = _driver_for(resident, reason)
    for uid in wanted:
        put_token(operator=resident.site.operator, uid=uid, driver=resident.driver, reason=reason)


def _driver_for(resident: Resident, reason: str) -> Driver:
    if resident.email:
        known: Driver | None = Driver.objects.filter(email__iexact=resident.email).first()
        if known is not None:
            return known
    return create_driver(
        operator=resident.site.operator,
        name=resident.name,
        email=resident.email,
        phone=resident.phone,
        language=resident.site.operator.language,
        reason=reason,
    )


def _let_pay(resident: Resident, reason: str) -> None:
    """The resident's account pays for the driver from moving in (since ever, if that is longer
    ago than links go back); nothing if it does so already."""
    driver, account = resident.driver, resident.account
    if driver is None or account is None:
        return
    day = resident.valid_from_on
    begins_on = day if day is None or day >= EARLIEST_DAY else None
    links = driver.account_links.filter(account=account, valid_until_on=None)
    if any(link.holds_on(begins_on) if begins_on else not link.valid_from_on for link in links):
        return
    set_driver_account(driver=driver, account=account, from_on=begins_on, reason=reason)


def _check_bay(bay: Bay) -> None:
    if not bay.name:
        raise InvalidInput("bay_name", _("A bay has a name or a number."), field="name")
    evse: Evse | None = bay.evse
    if evse is not None and evse.station.site_id != bay.site_id:
        raise InvalidInput("evse_elsewhere", _("This EVSE is at another site."), field="evse")
    same = Bay.objects.filter(site_id=bay.site_id, name__iexact=bay.name).exclude(pk=bay.pk)
    if same.exists():
        raise RuleViolation("bay_known", _("The site has a bay of this name."), field="name")
    if evse is not None and Bay.objects.filter(evse=evse).exclude(pk=bay.pk).exists():
        raise RuleViolation("evse_taken", _("Another bay has this EVSE."), field="evse")
    bay.full_clean(validate_constraints=False)


def _plain(text: str) -> str:
    return " ".join(str(text).replace("\x00", "").split())


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the audit keeps it: rows by public id or name."""
    return {
        name: getattr(value, "public_id", None) or str(value)
        if isinstance(value, Bay | Driver | BillingAccount)
        else value
        for name, value in values.items()
    }
