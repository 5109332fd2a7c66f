"""REST under ``/api/v1/``: the rooms' addresses, the schema and its page."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import Http404
from django.urls import path, re_path
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from billing.api import urls as billing_urls
from core.apitokens.api import urls as api_token_urls
from core.attachments.api import urls as file_urls
from core.attention.api import urls as attention_urls
from core.audit.api import urls as audit_urls
from core.imports.api import urls as import_urls
from core.lists.api import urls as saved_view_urls
from core.lists.bulk_api import urls as bulk_urls
from core.members.api import urls as member_urls
from core.members.security_api import urls as security_urls
from core.notes.api import urls as note_urls
from core.notifications.api import urls as notification_urls
from core.operators.api import urls as operator_urls
from core.schedules.api import urls as schedule_urls
from core.search.api import urls as search_urls
from core.webhooks.api import urls as webhook_urls
from customers.api import urls as customer_urls
from planning.api import urls as planning_urls
from portal.hosts.api import urls as host_urls
from portal.reports.api import urls as report_urls
from stations.api import urls as station_urls


class Schema(SpectacularAPIView):
    """The OpenAPI schema; the same for everyone, so open to everyone."""

    permission_classes = [AllowAny]


# Swagger UI sets styles from its script, which only 'unsafe-inline' allows.
@method_decorator(
    csp_replace({"style-src": [SELF, UNSAFE_INLINE]}),
    name="dispatch",
)
class Docs(SpectacularSwaggerSplitView):
    """The schema as a page that can try calls out."""

    permission_classes = [AllowAny]
    url_name = "api_schema"
    template_name = "core/api_docs.html"


class Unknown(APIView):
    """An address that the API has not, answered in the API's shape of errors."""

    permission_classes = [AllowAny]
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """404 for every method."""
        raise Http404


urlpatterns = [
    *attention_urls,
    *host_urls,
    *report_urls,
    *note_urls,
    *saved_view_urls,
    *bulk_urls,
    *operator_urls,
    *notification_urls,
    *audit_urls,
    *search_urls,
    *file_urls,
    *api_token_urls,
    *member_urls,
    *security_urls,
    *import_urls,
    *schedule_urls,
    *webhook_urls,
    *station_urls,
    *billing_urls,
    *customer_urls,
    *planning_urls,
    re_path(r"^schema/?$", Schema.as_view(), name="api_schema"),
    re_path(r"^docs/?$", Docs.as_view(), name="api_docs"),
    path("<path:rest>", Unknown.as_view()),
]
