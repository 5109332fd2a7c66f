"""Own settings of rules by the API."""

from __future__ import annotations

import pytest

from core.accounts.permissions import Permission
from core.audit.models import AuditEntry
from core.tenancy.scopes import operator_scope
from stations.incidents.rule_models import IncidentRule
from tests.factories.api import api_client
from tests.factories.core import make_operator

pytestmark = pytest.mark.django_db


def test_a_rule_is_as_usual_again_with_a_reason() -> None:
    operator = make_operator()
    api, reader = api_client(operator), api_client(operator, [Permission.NETWORK_VIEW])
    body = {"rule": "offline", "vendor": "Maker", "severity": "p3", "reason": "Flaky"}
    row = api.put("/api/v1/incident-rules/", body).json()
    one = f"/api/v1/incident-rules/{row['id']}/"

    answers = [
        reader.delete(f"{one}?reason=no").status_code,
        api.delete(one).status_code,
        api.delete(f"{one}?reason=Mended").status_code,
        api.delete(f"{one}?reason=again").status_code,
    ]

    assert answers == [403, 422, 204, 404]
    with operator_scope(operator):
        assert not IncidentRule.objects.exists()
        entry = AuditEntry.objects.get(verb="incident.rule_dropped")
    assert entry.reason == "Mended"
