"""The permission table: which role may do what. Views, API, templates and docs read it."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member is inside an operator (DESIGN: words)."""

    OWNER = "owner", _("Owner")
    CONTROL_ROOM = "control_room", _("Control room")
    SUPPORT = "support", _("Support")
    TECHNICIAN = "technician", _("Technician")
    ACCOUNTANT = "accountant", _("Accountant")
    VIEWER = "viewer", _("Viewer")
    HOST = "host", _("Host or board")
    PARTNER = "partner", _("Partner technician")


class Permission(models.TextChoices):
    """Everything that is guarded, one name each."""

    NETWORK_VIEW = "network.view", _("See sites, stations and their state")
    NETWORK_EDIT = "network.edit", _("Change sites and stations")
    TEMPLATE_VIEW = "template.view", _("See configuration templates")
    TEMPLATE_EDIT = "template.edit", _("Change configuration templates")
    SESSION_VIEW = "session.view", _("See sessions")
    SESSION_CLOSE = "session.close", _("Close a session by hand")
    COMMAND_SEND = "command.send", _("Send everyday commands to stations")
    COMMAND_DANGEROUS = "command.dangerous", _("Send commands that interrupt or reconfigure")
    COMMAND_RAW = "command.raw", _("Send any OCPP message")
    JOURNAL_VIEW = "journal.view", _("Read raw OCPP messages")
    TOKEN_VIEW = "token.view", _("See id tokens")
    TOKEN_EDIT = "token.edit", _("Change id tokens")
    IMPORT_USE = "import.use", _("Import rows from files")
    SCHEDULE_MANAGE = "schedule.manage", _("Send lists and reports by e-mail on a schedule")
    NOTE_WRITE = "note.write", _("Write notes about sites, stations, sessions and tokens")
    FILE_EDIT = "file.edit", _("Add and delete photos and documents")
    DRIVER_VIEW = "driver.view", _("See drivers and companies")
    DRIVER_EDIT = "driver.edit", _("Change drivers and companies")
    RESIDENT_VIEW = "resident.view", _("See residents, bays and what they charged")
    RESIDENT_EDIT = "resident.edit", _("Change residents and bays")
    CASE_VIEW = "case.view", _("See support cases")
    CASE_WORK = "case.work", _("Take calls and work on support cases")
    ANSWER_EDIT = "answer.edit", _("Change canned answers")
    COMMAND_ASSIST = (
        "command.assist",
        _("Stop, release a cable and restart for a caller, in a support case"),
    )
    COMMAND_GOODWILL = "command.goodwill", _("Start charging as goodwill")
    TARIFF_VIEW = "tariff.view", _("See tariffs and what sessions cost")
    TARIFF_EDIT = "tariff.edit", _("Change tariffs, assignments and price groups")
    TARIFF_NEGATIVE = "tariff.negative", _("Set prices below zero")
    ACCOUNT_VIEW = "account.view", _("See billing accounts")
    ACCOUNT_EDIT = "account.edit", _("Change billing accounts and fees")
    REVIEW_VIEW = "review.view", _("See held sessions")
    REVIEW_DECIDE = "review.decide", _("Decide about held sessions")
    INVOICE_VIEW = "invoice.view", _("See invoices and billing runs")
    INVOICE_EDIT = "invoice.edit", _("Prepare billing runs, enter items, delete drafts")
    INVOICE_ISSUE = "invoice.issue", _("Issue invoices and credit notes")
    SELLER_EDIT = "seller.edit", _("Change sellers, number series and site contracts")
    ENERGY_VIEW = "energy.view", _("See energy costs, losses and margins of sites")
    ENERGY_EDIT = "energy.edit", _("Enter and change energy costs of sites")
    SETTLEMENT_VIEW = "settlement.view", _("See settlement with site hosts")
    SETTLEMENT_EDIT = "settlement.edit", _("Change terms of hosts, prepare statements and payouts")
    SETTLEMENT_ISSUE = "settlement.issue", _("Issue statements of hosts, approve payouts")
    PAYMENT_VIEW = "payment.view", _("See payments, bank files and reminders")
    PAYMENT_EDIT = "payment.edit", _("Book and refund payments, remind and pause")
    PAYMENT_REFUND_ANY = "payment.refund_any", _("Give money back to cards beyond the limit")
    LEDGER_VIEW = "ledger.view", _("See the journal, reports of the books and exported files")
    LEDGER_EDIT = "ledger.edit", _("Change charts of accounts and export the journal")
    LEDGER_CLOSE = "ledger.close", _("Close months of the books")
    LEDGER_REOPEN = "ledger.reopen", _("Reopen closed months of the books")
    UPTIME_EDIT = "uptime.edit", _("State causes of outages and maintenance windows")
    UPTIME_APPROVE = "uptime.approve", _("Approve causes of outages, decide how they are counted")
    INCIDENT_WORK = "incident.work", _("Work on incidents")
    INCIDENT_RULES = "incident.rules", _("Decide what is an incident and what is healed")
    ORDER_VIEW = "order.view", _("See work orders and how agreements are kept")
    ORDER_EDIT = "order.edit", _("Make, assign and close work orders")
    ORDER_WORK = "order.work", _("Do work orders on site: the technician's pages")
    AGREEMENT_EDIT = (
        "agreement.edit",
        _("Change partners, service agreements and checklists"),
    )
    PLANNING_VIEW = "planning.view", _("See layers, demand and studies of where to build")
    PLANNING_EDIT = "planning.edit", _("Import layers, change demand models, make studies")
    FIRMWARE_VIEW = "firmware.view", _("See firmware files and campaigns")
    FIRMWARE_EDIT = "firmware.edit", _("Add firmware and run campaigns")
    LOG_FETCH = "log.fetch", _("Fetch and read logs of stations")
    REPORT_VIEW = "report.view", _("See reports")
    CUSTOMER_SEE = "customer.see", _("See the customer portal as a customer does")
    HOST_VIEW = "host.view", _("See the pages of hosts and boards about their sites")
    AUDIT_VIEW = "audit.view", _("Read the audit trail")
    OPERATOR_EDIT = "operator.edit", _("Change the operator's name, legal data and texts")
    PEOPLE_MANAGE = "people.manage", _("Manage members")
    API_MANAGE = "api.manage", _("Manage API tokens and webhooks")


P = Permission
_READ: Final = frozenset({P.NETWORK_VIEW, P.SESSION_VIEW})
_CALLS: Final = frozenset(
    {P.DRIVER_VIEW, P.DRIVER_EDIT, P.CASE_VIEW, P.CASE_WORK, P.COMMAND_ASSIST, P.COMMAND_GOODWILL}
    | {P.ANSWER_EDIT}
)
_SUPPORT: Final = _READ | _CALLS | {
    P.COMMAND_SEND, P.TOKEN_VIEW, P.JOURNAL_VIEW, P.TOKEN_EDIT, P.NOTE_WRITE,
    P.TARIFF_VIEW, P.ACCOUNT_VIEW, P.RESIDENT_VIEW, P.RESIDENT_EDIT, P.CUSTOMER_SEE,
}  # fmt: skip

ROLE_PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    Role.OWNER: frozenset(Permission),
    Role.CONTROL_ROOM: _SUPPORT
    | {P.REVIEW_VIEW}
    | {P.NETWORK_EDIT, P.COMMAND_DANGEROUS, P.COMMAND_RAW, P.SESSION_CLOSE, P.AUDIT_VIEW}
    | {P.FILE_EDIT, P.TEMPLATE_VIEW, P.TEMPLATE_EDIT, P.REPORT_VIEW}
    | {P.UPTIME_EDIT, P.UPTIME_APPROVE, P.INCIDENT_WORK, P.INCIDENT_RULES, P.AGREEMENT_EDIT}
    | {P.ORDER_VIEW, P.ORDER_EDIT, P.ORDER_WORK}
    | {P.FIRMWARE_VIEW, P.FIRMWARE_EDIT, P.LOG_FETCH}
    | {P.IMPORT_USE, P.SCHEDULE_MANAGE, P.PLANNING_VIEW, P.PLANNING_EDIT},
    Role.SUPPORT: _SUPPORT | {P.IMPORT_USE, P.INCIDENT_WORK, P.ORDER_VIEW, P.ORDER_EDIT},
    Role.TECHNICIAN: _READ
    | {P.COMMAND_SEND, P.COMMAND_DANGEROUS, P.JOURNAL_VIEW, P.NOTE_WRITE, P.FILE_EDIT}
    | {P.CASE_VIEW, P.TEMPLATE_VIEW, P.REPORT_VIEW, P.UPTIME_EDIT, P.INCIDENT_WORK}
    | {P.ORDER_VIEW, P.ORDER_WORK, P.FIRMWARE_VIEW, P.LOG_FETCH},
    Role.ACCOUNTANT: _READ
    | {P.TOKEN_VIEW, P.DRIVER_VIEW, P.CASE_VIEW, P.AUDIT_VIEW, P.NOTE_WRITE, P.REPORT_VIEW}
    | {P.SCHEDULE_MANAGE, P.TARIFF_VIEW, P.TARIFF_EDIT, P.ACCOUNT_VIEW, P.ACCOUNT_EDIT}
    | {P.IMPORT_USE, P.FILE_EDIT, P.ENERGY_VIEW, P.ENERGY_EDIT}
    | {P.RESIDENT_VIEW, P.RESIDENT_EDIT, P.CUSTOMER_SEE}
    | {P.PAYMENT_VIEW, P.PAYMENT_EDIT}
    | {P.REVIEW_VIEW, P.REVIEW_DECIDE, P.SELLER_EDIT}
    | {P.INVOICE_VIEW, P.INVOICE_EDIT, P.INVOICE_ISSUE}
    | {P.SETTLEMENT_VIEW, P.SETTLEMENT_EDIT, P.SETTLEMENT_ISSUE}
    | {P.LEDGER_VIEW, P.LEDGER_EDIT, P.LEDGER_CLOSE, P.PLANNING_VIEW},
    Role.VIEWER: _READ
    | {P.REPORT_VIEW, P.INVOICE_VIEW, P.LEDGER_VIEW, P.ENERGY_VIEW, P.RESIDENT_VIEW}
    | {P.ORDER_VIEW, P.PLANNING_VIEW},
    # Outside the operator's staff: pages of its own and nothing else, always of chosen sites.
    Role.HOST: frozenset({P.HOST_VIEW}),
    # Somebody else's staff: the orders of their own company, whatever the site.
    Role.PARTNER: frozenset({P.ORDER_WORK}),
}
ALWAYS_LIMITED: Final = frozenset({Role.HOST})
"""Roles that work with chosen sites alone, never with all of them."""


WHOLE_OPERATOR: Final = frozenset(
    {
        P.OPERATOR_EDIT,
        P.AUDIT_VIEW,
        P.AGREEMENT_EDIT,
        P.ANSWER_EDIT,
        P.INCIDENT_RULES,
        P.PEOPLE_MANAGE,
        P.API_MANAGE,
        P.TEMPLATE_VIEW,
        P.TEMPLATE_EDIT,
    }
    | {P.IMPORT_USE, P.SCHEDULE_MANAGE, P.TARIFF_EDIT, P.TARIFF_NEGATIVE}
    | {P.ACCOUNT_VIEW, P.ACCOUNT_EDIT, P.CUSTOMER_SEE}
    | {P.PAYMENT_VIEW, P.PAYMENT_EDIT, P.PAYMENT_REFUND_ANY}
    | {P.REVIEW_VIEW, P.REVIEW_DECIDE, P.SELLER_EDIT}
    | {P.INVOICE_VIEW, P.INVOICE_EDIT, P.INVOICE_ISSUE}
    | {P.SETTLEMENT_VIEW, P.SETTLEMENT_EDIT, P.SETTLEMENT_ISSUE}
    | {P.LEDGER_VIEW, P.LEDGER_EDIT, P.LEDGER_CLOSE, P.LEDGER_REOPEN}
    | {P.PLANNING_VIEW, P.PLANNING_EDIT}
    | {P.FIRMWARE_VIEW, P.FIRMWARE_EDIT}
)
"""What concerns the operator as a whole, so that who is limited to sites never has it."""


def allowed(role: str, permission: str, *, is_limited: bool = False) -> bool:
    """Whether ``role`` has ``permission``; an unknown role has none."""
    try:
        wanted = Permission(permission)
        has = wanted in ROLE_PERMISSIONS[Role(role)]
    except ValueError:
        return False
    return has and not (is_limited and wanted in WHOLE_OPERATOR)


def granted(role: str, *, is_limited: bool = False) -> list[Permission]:
    """All permissions of ``role``, in the order of the table."""
    return [p for p in Permission if allowed(role, p, is_limited=is_limited)]
