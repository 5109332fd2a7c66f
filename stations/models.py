"""Aggregator: the tables of the stations app."""

from stations.commands.models import Command
from stations.configuration.models import (
    ConfigurationState,
    ConfigurationTemplate,
    DesiredValue,
    TemplateTarget,
    TemplateValue,
    ValueOverride,
)
from stations.firmware.log_models import StationLog
from stations.firmware.models import Campaign, CampaignStation, FirmwareImage
from stations.hardware.catalogue.models import HardwareModel, ModelQuirk
from stations.hardware.journal_models import (
    ConnectionJournal,
    CsmsOutage,
    StatusJournal,
    ValueChange,
)
from stations.hardware.models import Connector, DeviceVariable, Evse, Station, StationLink
from stations.hardware.unit_models import HardwareUnit
from stations.incidents.models import Incident, IncidentEvent
from stations.incidents.remedy_models import Playbook, RemedyRun, RemedySetting, RemedyStep
from stations.incidents.rule_models import DetectionCursor, ErrorCode, IncidentRule
from stations.maintenance.escalation_models import (
    EscalationContact,
    EscalationLetter,
    SlaWarning,
)
from stations.maintenance.field_models import CalendarFeed, WorkTime
from stations.maintenance.models import ClockPause, OrderEntry, WorkOrder
from stations.maintenance.partner_models import (
    AgreementSite,
    AgreementTime,
    Partner,
    PartnerMember,
    ServiceAgreement,
    SiteAccess,
    WorkCalendar,
)
from stations.maintenance.plan_models import MaintenancePlan, PlanVisit
from stations.maintenance.status_models import SiteStatusPage
from stations.maintenance.warranty_models import ClaimOrder, StationWarranty, WarrantyClaim
from stations.maintenance.work_models import Checklist, OrderCheck, PartUsed
from stations.ocpp.models import (
    AuthorisationAttempt,
    BridgeLease,
    ChargingProfile,
    FrameJournal,
    Knock,
    LocalList,
    LocalListSetting,
    ParkedMessage,
    Reservation,
    SetUpPlan,
    StationEvent,
)
from stations.onboarding.models import StationDraft
from stations.sessions.models import MeterReading, Session, SessionFact
from stations.sites.models import ApiTokenSite, MembershipSite, Site
from stations.uptime.models import CauseStatement, Outage, UptimeDay, UptimeSetting, UptimeState

__all__ = [
    "AgreementSite",
    "AgreementTime",
    "ApiTokenSite",
    "AuthorisationAttempt",
    "BridgeLease",
    "CalendarFeed",
    "Campaign",
    "CampaignStation",
    "CauseStatement",
    "ChargingProfile",
    "Checklist",
    "ClaimOrder",
    "ClockPause",
    "Command",
    "ConfigurationState",
    "ConfigurationTemplate",
    "ConnectionJournal",
    "Connector",
    "CsmsOutage",
    "DesiredValue",
    "DetectionCursor",
    "DeviceVariable",
    "ErrorCode",
    "EscalationContact",
    "EscalationLetter",
    "Evse",
    "FirmwareImage",
    "FrameJournal",
    "HardwareModel",
    "HardwareUnit",
    "Incident",
    "IncidentEvent",
    "IncidentRule",
    "Knock",
    "LocalList",
    "LocalListSetting",
    "MaintenancePlan",
    "MembershipSite",
    "MeterReading",
    "ModelQuirk",
    "OrderCheck",
    "OrderEntry",
    "Outage",
    "ParkedMessage",
    "PartUsed",
    "Partner",
    "PartnerMember",
    "PlanVisit",
    "Playbook",
    "RemedyRun",
    "RemedySetting",
    "RemedyStep",
    "Reservation",
    "ServiceAgreement",
    "Session",
    "SessionFact",
    "SetUpPlan",
    "Site",
    "SiteAccess",
    "SiteStatusPage",
    "SlaWarning",
    "Station",
    "StationDraft",
    "StationEvent",
    "StationLink",
    "StationLog",
    "StationWarranty",
    "StatusJournal",
    "TemplateTarget",
    "TemplateValue",
    "UptimeDay",
    "UptimeSetting",
    "UptimeState",
    "ValueChange",
    "ValueOverride",
    "WarrantyClaim",
    "WorkCalendar",
    "WorkOrder",
    "WorkTime",
]
