"""How upper floors plug into lower ones: dotted paths, which the settings hand on.

Each name has a protocol class in the lower floor that reads it.
"""

from __future__ import annotations

ACCOUNT_OPERATORS = ["customers.selfservice.customer.operator_ids_of"]
TOKEN_AUTHORISERS = [
    "customers.authorisation.cards.CardAuthoriser",
    "customers.guests.authoriser.GuestAuthoriser",
]
PLACE_SOURCE = "stations.sites.limits.SiteLimits"
LIVE_SCOPE = "stations.commands.live_scope.SiteTopics"
PRICE_TELLER = "customers.attribution.teller.PriceForCards"
LOCAL_LIST_SOURCES = ["customers.authorisation.local_list.CardSource"]
SESSION_PANELS = [
    "customers.tokens.session_panel.source",
    "billing.rating.session_panel.source",
    "customers.attribution.session_panel.source",
    "customers.righting.session_panel.source",
    "stations.ocpp.session_timeline.source",
]
SITE_PANELS = [
    "stations.maintenance.site_panel.source",
    "planning.building.site_panel.source",
    "billing.sellers.site_panel.source",
    "customers.basis.site_panel.source",
]
ORDER_SOURCES = [
    "customers.support.ordering.source",
    "stations.maintenance.warranty_panel.of_order",
    "stations.maintenance.ticket_panel.of_order",
]
INCIDENT_CLOCKS = ["stations.maintenance.incident_clocks.source"]
INCIDENT_PANELS = [
    "stations.maintenance.incident_panel.source",
    "stations.maintenance.warranty_panel.of_incident",
    "stations.maintenance.ticket_panel.of_incident",
    "customers.support.incident_panel.source",
]
CONNECTOR_CODES = ["customers.guests.field_codes.source"]
TEST_CARDS = ["customers.tokens.test_cards.source"]
FEE_SELLERS = "billing.sellers.fee_sellers.OperatorSellers"
FEE_SUBJECTS = "customers.attribution.fee_subjects.CustomerSubjects"
PAYMENT_PROVIDERS = {
    "stripe": "billing.payments.stripe.provider.StripeProvider",
    "terminal": "billing.payments.terminal.provider.TerminalProvider",
}
VAT_REGISTER = "billing.accounts.vies.Vies"
AFTER_RECONCILING = ["billing.review.tasks.rate_due"]
TARIFF_PREVIEW = "billing.rating.tariff_preview.EnginePreview"
TARIFF_AUDIENCE = "billing.rating.audience.RatedAudience"
SESSION_ATTRIBUTOR = "customers.attribution.attributor.SessionAttribution"
UNINVOICED_PLACES = "billing.sellers.uninvoiced.ByContract"
SETTLED_DAYS = ["customers.basis.settled_days.source"]
SEARCH_SOURCES = [
    "stations.hardware.search.station_source",
    "stations.hardware.search.evse_source",
    "stations.sites.search.source",
    "stations.sessions.search.source",
    "customers.tokens.search.source",
    "customers.drivers.search.source",
    "customers.vehicles.search.source",
    "customers.companies.search.source",
    "customers.residents.search.source",
    "billing.accounts.search.source",
    "billing.invoices.search.source",
    "billing.tariffs.search.source",
    "core.members.search.source",
    "stations.commands.search.source",
    "stations.incidents.search.source",
    "stations.maintenance.search.source",
]
SEARCH_FILLS = ["stations.sessions.search.FILL"]
ATTENTION_SOURCES = [
    "stations.hardware.attention.source",
    "stations.ocpp.attention.source",
    "stations.sessions.attention.source",
    "stations.incidents.attention.source",
    "stations.maintenance.attention.source",
    "stations.maintenance.warranty_attention.source",
    "billing.rating.attention.source",
    "billing.payments.attention.source",
    "billing.payments.cards.attention.source",
    "billing.dunning.attention.source",
    "customers.guests.attention.source",
]
LETTER_KINDS = [
    "billing.dunning.letters_back.letters",
    "billing.settlement.mailing.letters",
    "customers.basis.letters_back.letters",
]
FILE_SOURCES = [
    "core.schedules.list_source.ListSource",
    "portal.reports.source.ReportSource",
    "billing.accounting.reports.source.BookReportSource",
    "billing.accounting.exports.source.LedgerFileSource",
]
IMPORT_SPECS = [
    "stations.sites.imports.SITES",
    "stations.hardware.imports.STATIONS",
    "customers.drivers.imports.DRIVERS",
    "customers.vehicles.imports.VEHICLES",
    "customers.tokens.imports.TOKENS",
    "customers.residents.imports.RESIDENTS",
    "customers.attribution.account_imports.BILLING_ACCOUNTS",
    "billing.energy.imports.ENERGY_COSTS",
]
NAV_ENTRIES = [
    "portal.dashboard.nav.entries",
    "portal.hosts.nav.entries",
    "core.attention.nav.entries",
    "portal.reports.nav.entries",
    "stations.nav.entries",
    "billing.nav.entries",
    "billing.accounting.nav.entries",
    "customers.nav.entries",
    "planning.nav.entries",
    "core.imports.nav.entries",
    "core.schedules.nav.entries",
    "core.audit.nav.entries",
    "core.apitokens.nav.entries",
    "core.members.nav.entries",
    "core.webhooks.nav.entries",
    "core.operators.nav.entries",
]
NOTIFICATION_EVENTS = [
    "stations.hardware.notices.events",
    "stations.sessions.notices.events",
    "stations.ocpp.notices.events",
    "stations.commands.notices.events",
    "stations.incidents.notices.events",
    "stations.maintenance.notices.events",
    "stations.firmware.notices.events",
]
NOTIFICATION_WAYS = [
    "core.notifications.ways.PAGE",
    "core.notifications.mailing.EMAIL",
    "core.notifications.hooks.WEBHOOK",
]
SETUP_STEPS = [
    "core.operators.steps.operator_steps",
    "stations.setup.steps",
    "billing.sellers.starting.seller_steps",
]
AFTER_CREATING_OPERATOR = ["billing.sellers.starting.make_default_seller"]
OBJECT_KINDS = [
    "stations.objects.kinds",
    "billing.objects.kinds",
    "customers.objects.kinds",
    "planning.objects.kinds",
]
WEBHOOK_SOURCES = [
    "stations.hardware.webhooks.HardwareEvents",
    "stations.sessions.webhooks.SessionEvents",
    "stations.commands.webhooks.CommandEvents",
    "stations.ocpp.webhooks.KnockEvents",
    "stations.incidents.webhooks.IncidentEvents",
    "stations.maintenance.webhooks.OrderEvents",
    "billing.invoices.webhooks.InvoiceEvents",
    "billing.settlement.webhooks.StatementEvents",
]
