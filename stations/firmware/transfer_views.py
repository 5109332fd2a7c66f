"""Where stations fetch firmware: no log-in, a token in the address instead."""

from __future__ import annotations

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.files import store
from core.lists.export import file_chunks, streamed
from core.tenancy.scopes import across_operators
from stations.firmware.models import CampaignStation
from stations.firmware.progress import ACTIVE
from stations.firmware.transfers import digest_of

MOST_DOWNLOADS = 10
"""A station may begin anew after a lost line, but the address is no public mirror."""


@require_safe
def firmware_file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """The file of the update that the token stands for, while that goes on and has time left;
    404 else.

    HEAD tells the size and counts nothing.
    """
    with across_operators("a station has no operator in scope; the token names one update"):
        rows = CampaignStation.objects.filter(
            token_digest=digest_of(token),
            state__in=sorted(ACTIVE),
            due_at__gt=timezone.now(),
            downloads__lt=MOST_DOWNLOADS,
        )
        target = rows.select_related("campaign__image").first()
        image = target.campaign.image if target else None
        if image is None or not image.path:
            raise Http404(_("The file is no longer there."))
        file = store.opened(image.path)
        if file is None:
            raise Http404(_("The file is no longer there."))
        if request.method == "GET":
            rows.update(downloads=F("downloads") + 1)
    response = streamed(request, file_chunks(file), "application/octet-stream", image.file_name)
    response["Content-Length"] = str(image.size_bytes)
    response["X-Content-Type-Options"] = "nosniff"
    return response
