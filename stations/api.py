"""Aggregator: the REST addresses of the charging network."""

from __future__ import annotations

from stations.configuration.api import urls as configuration_urls
from stations.firmware.api import urls as firmware_urls
from stations.firmware.preview_api import urls as firmware_preview_urls
from stations.hardware.api import urls as hardware_urls
from stations.hardware.catalogue.api import urls as catalogue_urls
from stations.hardware.completeness.api import urls as completeness_urls
from stations.incidents.api import urls as incident_urls
from stations.incidents.api_rules import urls as rule_urls
from stations.incidents.remedies.api import urls as remedy_urls
from stations.maintenance.api import urls as maintenance_urls
from stations.maintenance.api_report import urls as maintenance_report_urls
from stations.maintenance.api_setup import urls as maintenance_setup_urls
from stations.maintenance.claim_api import urls as claim_urls
from stations.maintenance.field_api import urls as field_urls
from stations.maintenance.plan_api import urls as plan_urls
from stations.maintenance.status_api import urls as status_urls
from stations.maintenance.ticket_api import urls as ticket_urls
from stations.ocpp.api import urls as ocpp_urls
from stations.ocpp.api_commands import urls as command_urls
from stations.ocpp.api_history import urls as history_urls
from stations.ocpp.lists.api import urls as list_urls
from stations.onboarding.api import urls as onboarding_urls
from stations.sessions.api import urls as session_urls
from stations.sites.api import urls as site_urls
from stations.uptime.api import urls as uptime_urls
from stations.uptime.evchart.api import urls as evchart_urls

urls = [
    *site_urls,
    *hardware_urls,
    *catalogue_urls,
    *completeness_urls,
    *session_urls,
    *command_urls,
    *ocpp_urls,
    *configuration_urls,
    *onboarding_urls,
    *history_urls,
    *list_urls,
    *uptime_urls,
    *evchart_urls,
    *firmware_urls,
    *firmware_preview_urls,
    *incident_urls,
    *remedy_urls,
    *maintenance_urls,
    *maintenance_report_urls,
    *maintenance_setup_urls,
    *claim_urls,
    *ticket_urls,
    *rule_urls,
    *field_urls,
    *status_urls,
    *plan_urls,
]
