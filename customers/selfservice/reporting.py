"""A customer's report that something is wrong with an EVSE, with photos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.attachments.services import add_file
from core.errors import InvalidInput
from customers.selfservice.customer import Customer
from customers.support.models import SupportCase
from customers.support.services import Subjects, add_note, open_case, report_fault
from stations.hardware.models import Evse

MOST_PHOTOS: Final = 5


@transaction.atomic
def report_problem(
    *, customer: Customer, evse: Evse, text: str, photos: Sequence[UploadedFile[Any]] = ()
) -> SupportCase:
    """Open a case about an EVSE with what the customer says, as a reported fault.

    Refuses an empty text, more than five photos, and what is no picture.
    """
    if len(photos) > MOST_PHOTOS:
        raise InvalidInput("photos", _("At most five photos."), field="photos")
    case = open_case(
        operator=customer.operator,
        subjects=Subjects(driver=customer.driver, evse=evse),
        asked=str(evse),
        caller_name=customer.name[:120],
        caller_phone=customer.driver.phone if customer.driver is not None else "",
    )
    report_fault(case=case, text=text)
    add_note(case=case, text=text, is_shared=True)
    for photo in photos:
        try:
            add_file(instance=case, operator_id=case.operator_id, upload=photo)
        except InvalidInput as refusal:
            raise InvalidInput(refusal.code, str(refusal.message), field="photos") from refusal
    return case
