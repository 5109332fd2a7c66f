"""REST of tariffs, assignments and price notices: what it does, and whom it refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from billing.tariffs.models import Tariff, TariffAssignment, TariffVersion
from billing.tariffs.notice_models import NoticeRules, PriceNotice
from core.accounts.models import Operator
from core.tenancy.scopes import across_operators
from tests.factories.api import api_client
from tests.factories.billing import make_account, make_membership, make_price_group
from tests.factories.core import make_operator
from tests.factories.stations import make_site
from tests.factories.tariffs import energy_document, make_assignment, make_tariff, make_version

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def rows(model: Any) -> list[Any]:
    with across_operators("the test looks at all of them"):
        return list(model.objects.order_by("pk"))


def problem(answer: Any) -> tuple[int, str, str]:
    assert answer["Content-Type"].startswith("application/problem+json")
    return answer.status_code, answer.json()["code"], answer.json()["error"].get("field", "")


def test_a_tariff_is_created_edited_published_and_assigned(operator: Operator) -> None:
    api = api_client(operator)
    made = api.post(f"{V1}/tariffs", {"name": "Home", "document": energy_document()})
    ref = made.json()["id"]

    renamed = api.patch(f"{V1}/tariffs/{ref}", {"note": "For residents"})
    draft = api.put(f"{V1}/tariffs/{ref}/draft", {"document": energy_document(5)})
    published = api.post(f"{V1}/tariffs/{ref}/publish", {"sha256": draft.json()["sha256"]})
    assigned = api.post(f"{V1}/tariff-assignments", {"tariff": ref})

    assert (made.status_code, made.json()["status"], made.json()["currency"]) == (
        201, "draft", "SEK",
    )  # fmt: skip
    assert (renamed.json()["name"], renamed.json()["note"]) == ("Home", "For residents")
    assert (published.status_code, published.json()["state"]) == (200, "published")
    assert (assigned.status_code, assigned.json()["site"]) == (201, None)
    listed = api.get(f"{V1}/tariffs?status=in_force").json()["results"]
    assert [(one["id"], one["version"], one["assignments"]) for one in listed] == [(ref, 1, 1)]
    (version,) = rows(TariffVersion)
    assert version.document["elements"][0]["price_components"][0]["price"] == 5


def test_refusals_are_problems_with_code_and_field(operator: Operator) -> None:
    api = api_client(operator)
    tariff = make_tariff(operator=operator, name="Home")
    make_version(tariff)
    make_assignment(tariff)
    site = make_site(operator=operator)

    assert problem(api.post(f"{V1}/tariffs", {"name": "HOME", "document": energy_document()})) == (
        409, "tariff_name_taken", "name",
    )  # fmt: skip
    wrong = {"name": "X", "document": energy_document() | {"elements": []}}
    assert api.post(f"{V1}/tariffs", wrong).status_code == 422
    again = api.post(f"{V1}/tariffs/{tariff.public_id}/publish", {})
    assert problem(again) == (409, "no_draft", "")
    second = api.post(f"{V1}/tariff-assignments", {"tariff": tariff.public_id})
    assert problem(second) == (409, "two_defaults", "")
    body = {"tariff": tariff.public_id, "site": "site_nowhere"}
    assert problem(api.post(f"{V1}/tariff-assignments", body)) == (422, "unknown_site", "site")
    end = {"valid_from_at": "2030-01-02T00:00:00Z", "valid_to_at": "2030-01-01T00:00:00Z"}
    body = {"tariff": tariff.public_id, "site": site.public_id} | end
    assert problem(api.post(f"{V1}/tariff-assignments", body)) == (
        422, "period_order", "valid_to_at",
    )  # fmt: skip
    assert (len(rows(Tariff)), len(rows(TariffAssignment))) == (1, 1)


def test_many_sites_need_the_notice_that_the_rules_say(operator: Operator) -> None:
    api = api_client(operator)
    tariff = make_tariff(operator=operator)
    make_version(tariff)
    sites = [make_site(operator=operator).public_id for _ in range(2)]
    group = make_price_group(operator=operator)
    make_membership(make_account(operator=operator), group)
    address = f"{V1}/tariffs/{tariff.public_id}/roll-out"
    body = {"sites": sites, "price_group": group.public_id}

    short = api.post(address, body | {"starts_at": timezone.now() + timedelta(days=9)})
    rules = api.put(f"{V1}/price-notice-rules", {"notice_days": 7})
    done = api.post(address, body | {"starts_at": timezone.now() + timedelta(days=9)})

    assert problem(short) == (409, "notice_too_short", "accepts_short_notice")
    assert rules.json() == {"notice_days": 7}
    assert (done.status_code, len(done.json()["assigned"])) == (200, 2)
    (notice,) = api.get(f"{V1}/price-notices").json()["results"]
    assert (notice["id"], notice["state"], notice["notice_days"]) == (
        done.json()["notice"], "scheduled", 7,
    )  # fmt: skip


def test_readers_and_outsiders_change_nothing(operator: Operator) -> None:
    tariff = make_tariff(operator=operator)
    make_version(tariff, start=None)
    reader = api_client(operator, permissions=["tariff.view", "account.view"])
    outsider = api_client(make_operator())
    ref = tariff.public_id
    calls: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("post", f"{V1}/tariffs/{ref}/publish", {}),
        ("patch", f"{V1}/tariffs/{ref}", {"name": "Mine"}),
        ("post", f"{V1}/tariffs/{ref}/roll-out", {"sites": ["x"]}),
    )

    for method, url, body in calls:
        assert getattr(reader, method)(url, body).status_code == 403, url
        assert getattr(outsider, method)(url, body).status_code == 404, url
    assert reader.put(f"{V1}/price-notice-rules", {"notice_days": 1}).status_code == 403
    foreign = outsider.post(f"{V1}/tariff-assignments", {"tariff": ref})
    assert problem(foreign) == (422, "unknown_tariff", "tariff")

    assert [one.name for one in rows(Tariff)] == [tariff.name]
    assert [one.state for one in rows(TariffVersion)] == ["draft"]
    assert rows(TariffAssignment) == rows(PriceNotice) == rows(NoticeRules) == []
