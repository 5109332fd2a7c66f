"""Aggregator: the tables of the billing app."""

from billing.accounting.attest_models import EntryAttest, SiteCode
from billing.accounting.book_models import (
    AccountUse,
    Books,
    ChartAccount,
    RevenueMapping,
    TaxMapping,
)
from billing.accounting.exports.models import ExportedEntry, ExportProfile, ExportReceipt
from billing.accounting.models import (
    CoveredSource,
    JournalEntry,
    JournalPosting,
    Period,
    PeriodChange,
)
from billing.accounts.fee_models import Fee
from billing.accounts.models import BillingAccount, PriceGroup, PriceGroupMembership, VatCheck
from billing.dunning.models import (
    CollectionFile,
    DunningBlock,
    DunningPause,
    DunningPlan,
    DunningStep,
    ReferenceRate,
)
from billing.energy.models import CostDisclosure, EnergyCost
from billing.invoices.delivery_models import Delivery, InvoiceFile, MailEvent
from billing.invoices.models import Invoice, InvoiceItem, InvoiceLine, InvoiceTax
from billing.invoices.run_models import BillingRules, BillingRun, ManualItem, RunCarry
from billing.payments.bank_models import BankFile, BankTransaction
from billing.payments.cards.account_models import (
    CardSaving,
    PaymentMethod,
    ProviderAccount,
    ProviderCustomer,
)
from billing.payments.cards.event_models import CardPayout, CardPayoutPart, ProviderEvent
from billing.payments.cards.models import CardDispute, CardPayment, CardPaymentPart, CardRefund
from billing.payments.models import Claim, Payment, PaymentAllocation, PayoutFile, Refund
from billing.rating.idle_models import IdleNotice
from billing.rating.models import (
    BillableItem,
    PriceLine,
    PricePeriod,
    RatedSession,
    SessionBilling,
)
from billing.review.models import Decision, Hold, ReviewRules
from billing.sellers.models import InvoiceSeries, Seller, SeriesCounter, SiteContract
from billing.settlement.models import Statement, StatementItem, StatementLine
from billing.settlement.payout_models import HostPayout, HostSetOff, PayoutBatch
from billing.settlement.term_models import HostTerm, HostTerms
from billing.spot.models import ExchangeRate, SpotImport, SpotPrice
from billing.tariffs.models import Tariff, TariffAssignment, TariffVersion
from billing.tariffs.notice_models import NoticeDelivery, NoticeRules, PriceNotice

__all__ = [
    "AccountUse",
    "BankFile",
    "BankTransaction",
    "BillableItem",
    "BillingAccount",
    "BillingRules",
    "BillingRun",
    "Books",
    "CardDispute",
    "CardPayment",
    "CardPaymentPart",
    "CardPayout",
    "CardPayoutPart",
    "CardRefund",
    "CardSaving",
    "ChartAccount",
    "Claim",
    "CollectionFile",
    "CostDisclosure",
    "CoveredSource",
    "Decision",
    "Delivery",
    "DunningBlock",
    "DunningPause",
    "DunningPlan",
    "DunningStep",
    "EnergyCost",
    "EntryAttest",
    "ExchangeRate",
    "ExportProfile",
    "ExportReceipt",
    "ExportedEntry",
    "Fee",
    "Hold",
    "HostPayout",
    "HostSetOff",
    "HostTerm",
    "HostTerms",
    "IdleNotice",
    "Invoice",
    "InvoiceFile",
    "InvoiceItem",
    "InvoiceLine",
    "InvoiceSeries",
    "InvoiceTax",
    "JournalEntry",
    "JournalPosting",
    "MailEvent",
    "ManualItem",
    "NoticeDelivery",
    "NoticeRules",
    "Payment",
    "PaymentAllocation",
    "PaymentMethod",
    "PayoutBatch",
    "PayoutFile",
    "Period",
    "PeriodChange",
    "PriceGroup",
    "PriceGroupMembership",
    "PriceLine",
    "PriceNotice",
    "PricePeriod",
    "ProviderAccount",
    "ProviderCustomer",
    "ProviderEvent",
    "RatedSession",
    "ReferenceRate",
    "Refund",
    "RevenueMapping",
    "ReviewRules",
    "RunCarry",
    "Seller",
    "SeriesCounter",
    "SessionBilling",
    "SiteCode",
    "SiteContract",
    "SpotImport",
    "SpotPrice",
    "Statement",
    "StatementItem",
    "StatementLine",
    "Tariff",
    "TariffAssignment",
    "TariffVersion",
    "TaxMapping",
    "VatCheck",
]
