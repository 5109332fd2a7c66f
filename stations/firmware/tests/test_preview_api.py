"""What the API tells of a campaign before it begins, and the uploaded file."""

from __future__ import annotations

import pytest

from core.accounts.permissions import Permission
from core.files.store import keep
from stations.firmware.words import said
from tests.factories.api import api_client
from tests.factories.core import make_operator
from tests.factories.firmware import make_image
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db


def test_a_campaign_is_previewed_and_the_file_fetched_by_who_may() -> None:
    operator = make_operator()
    image = make_image(
        operator, url="", file_name="fw.bin", size_bytes=3, path=keep(operator.pk, b"abc", ".bin")
    )
    own = image.hardware_model
    wants = make_station(operator=operator, hardware_model=own, firmware_version="1.0")
    has = make_station(operator=operator, hardware_model=own, firmware_version="2.0")
    api, reader = api_client(operator), api_client(operator, [Permission.FIRMWARE_VIEW])

    rows = api.post("/api/v1/firmware-campaign-preview/", {"firmware": image.public_id}).json()
    file = f"/api/v1/firmware/{image.public_id}/file/"

    told = {row["station"]: (row["why"], row["why_text"]) for row in rows}
    assert told[has.public_id] == ("has_version", "Has this version already")
    assert wants.public_id in told
    assert api.post("/api/v1/firmware-campaign-preview/", {"firmware": "x"}).status_code == 422
    for figure in ({"wave_size": 0}, {"canary_count": -1}, {"from_hour": 3}):
        refused = api.post(
            "/api/v1/firmware-campaign-preview/", {"firmware": image.public_id} | figure
        )
        assert refused.status_code == 422, figure
    answer = api.get(file)
    assert answer.content == b"abc"
    assert reader.get(file).status_code == 403
    assert (said("DownloadFailed"), said("E-17")) == ("The download failed", "E-17")
