"""What goes and what stays when a person has their data taken out, and what they take with them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from core.attachments.models import Attachment
from core.attachments.services import add_file
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators, operator_scope
from customers.drivers.models import DriverAccount
from customers.notices.models import PayerNotice
from customers.support.follow_models import CaseIncident
from customers.support.following import follow_incident
from customers.support.services import Subjects, open_case
from tests.factories.billing import make_account
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_driver, make_payer_notice
from tests.factories.incidents import make_incident
from tests.factories.selfservice import make_login
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db
ADDRESS = "nils@example.com"


def test_contracts_and_addresses_go_with_the_person_and_are_in_what_they_take(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    operator = make_operator()
    driver = make_driver(operator=operator, name="Nils Alone", email=ADDRESS)
    wife = make_driver(operator=operator, name="Vera", email="vera@example.com")
    user = make_person(email=ADDRESS, name="Nils Alone")
    make_login(user, driver=driver)
    account = make_account(operator=operator, kind="person")
    station = make_station(operator=operator, evses=1)
    incident = make_incident(station)
    with operator_scope(operator):
        for one in (driver, wife):
            DriverAccount.objects.create(operator=operator, owner=one, account=account)
        for name, is_shared in (("Contract Nils.txt", True), ("Notes on Nils.txt", False)):
            add_file(
                instance=driver, operator_id=operator.pk, is_shared=is_shared,
                upload=SimpleUploadedFile(name, f"We agree: {name}".encode()),
            )  # fmt: skip
        case = open_case(operator=operator, subjects=Subjects(driver=driver))
        link = follow_incident(case=case, incident=incident)
        CaseIncident.objects.filter(pk=link.pk).update(error=f"550 <{ADDRESS}>")
        paths = list(Attachment.objects.values_list("path", flat=True))
    sent = {"sent_at": timezone.now(), "error": f"450 {ADDRESS}"}
    make_payer_notice(account, "inv_1", address=ADDRESS, **sent)
    make_payer_notice(account, "inv_2", address=ADDRESS, next_at=timezone.now(), error="")
    make_payer_notice(account, "inv_2", address="vera@example.com")
    client.force_login(user)
    home = f"/my/{operator.slug}/"

    file: Any = client.get(f"{home}data/export/")
    with zipfile.ZipFile(io.BytesIO(b"".join(file.streaming_content))) as bundle:
        (document,) = json.loads(bundle.read("documents.json"))
        content = bundle.read(f"documents/{document['id']}-{document['name']}")
        mails = json.loads(bundle.read("mails.json"))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{home}data/delete/")

    assert content == b"We agree: Contract Nils.txt"
    assert sorted((one["id"], one["address"]) for one in mails) == [
        ("inv_1", ADDRESS), ("inv_2", ADDRESS),
    ]  # fmt: skip
    with across_operators("the test looks at any row"):
        assert not Attachment.objects.filter(object_type="customers.driver").exists()
        assert not any(default_storage.exists(path) for path in paths)
        link.refresh_from_db()
        assert (link.address, link.error) == ("", "")
        notices = list(PayerNotice.objects.order_by("pk"))
        entries = AuditEntry.objects.filter(verb__in=["file.forget", "customer.forget"])
        told = [(one.verb, one.object_label, one.before, one.after) for one in entries]
    assert [(ADDRESS in one.address, one.error, one.next_at) for one in notices[:2]] == [
        (False, "", None), (False, "nothing to tell", None),
    ]  # fmt: skip
    assert notices[2].address == "vera@example.com"
    assert "Nils" not in str(told)
    assert {one[0] for one in told} == {"file.forget", "customer.forget"}
