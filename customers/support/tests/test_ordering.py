"""A work order of a driver's report."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from core.accounts.permissions import Role
from core.attachments.services import add_file
from core.tenancy.scopes import operator_scope
from customers.support.services import Subjects, open_case, report_fault
from stations.maintenance.models import WorkOrder
from stations.maintenance.services import change_order
from tests.factories.core import make_person
from tests.factories.maintenance import make_partner, make_partner_person
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db


def test_a_report_becomes_one_work_order_with_its_photos(client: Client) -> None:
    station = make_station(evses=1)
    file = BytesIO()
    Image.new("RGB", (8, 8), "blue").save(file, "PNG")
    with operator_scope(station.operator):
        evse = station.evses.get()
        case = open_case(operator=station.operator, subjects=Subjects(evse=evse))
        report_fault(case=case, text="The cable is torn\nnear the plug")
        photo = add_file(
            instance=case, operator_id=case.operator_id,
            upload=SimpleUploadedFile("cable.png", file.getvalue(), content_type="image/png"),
        )  # fmt: skip
    url = reverse("case_order", args=[case.public_id])
    client.force_login(make_person(operator=station.operator, role=Role.TECHNICIAN))
    assert client.post(url).status_code == 403
    client.force_login(make_person(operator=station.operator, role=Role.SUPPORT))

    there = [client.post(url)["Location"] for _turn in (1, 2)]
    page = client.get(there[0]).content.decode()

    with operator_scope(station.operator):
        order = WorkOrder.objects.get()
        assert there == [reverse("order_detail", args=[order.public_id])] * 2
        assert (order.source, order.source_ref, order.title) == (
            "report", case.public_id, "The cable is torn",
        )  # fmt: skip
        assert order.evse == evse
        partner = make_partner(station.operator)
        change_order(order=order, partner=partner)
    assert reverse("case_detail", args=[case.public_id]) in page
    assert photo.public_id in page
    assert (
        order.public_id
        in client.get(reverse("case_detail", args=[case.public_id])).content.decode()
    )
    client.force_login(make_partner_person(partner))
    shown = reverse("field_file", args=[order.public_id, photo.public_id])
    assert shown in client.get(reverse("field_detail", args=[order.public_id])).content.decode()
    assert client.get(shown).status_code == 200
