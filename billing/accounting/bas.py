"""The default chart: Swedish BAS accounts (pure). Every one can be changed by the operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from billing.accounting.chart import Chart, RevenueRule, TaxRule, Use

_NAMES: Final = {
    "1510": "Kundfordringar",
    "1580": "Fordringar för kort",
    "1581": "Fordringar för Swish",
    "1790": "Övriga förutbetalda kostnader och upplupna intäkter",
    "1930": "Företagskonto",
    "2420": "Förskott från kunder",
    "2440": "Leverantörsskulder",
    "2611": "Utgående moms på försäljning inom Sverige, 25 %",
    "2621": "Utgående moms på försäljning inom Sverige, 12 %",
    "2631": "Utgående moms på försäljning inom Sverige, 6 %",
    "2641": "Debiterad ingående moms",
    "2670": "Utgående moms på försäljning i andra länder",
    "2999": "OBS-konto",
    "3001": "Försäljning av el, 25 % moms",
    "3002": "Försäljning av el, 12 % moms",
    "3003": "Försäljning av el, 6 % moms",
    "3004": "Försäljning av el, momsfri",
    "3005": "Försäljning av el, omvänd betalningsskyldighet",
    "3011": "Nätavgifter",
    "3012": "Abonnemang",
    "3013": "Platsavgifter",
    "3014": "Kort- och aktiveringsavgifter",
    "3041": "Försäljning av tjänster, 25 % moms",
    "3042": "Försäljning av tjänster, 12 % moms",
    "3043": "Försäljning av tjänster, 6 % moms",
    "3044": "Försäljning av tjänster, momsfri",
    "3090": "Upplupna intäkter, laddning",
    "3105": "Försäljning av varor till land utanför EU",
    "3106": "Försäljning av varor i annat land, momspliktig",
    "3108": "Försäljning av varor till annat EU-land, momsfri",
    "3305": "Försäljning av tjänster till land utanför EU",
    "3308": "Försäljning av tjänster till annat EU-land",
    "3540": "Faktureringsavgifter och påminnelseavgifter",
    "3590": "Övriga sidointäkter",
    "3740": "Öres- och kronutjämning",
    "4010": "Ersättning till anläggningsvärdar",
    "6351": "Konstaterade förluster på kundfordringar",
    "6570": "Bankkostnader",
    "8313": "Ränteintäkter från kortfristiga fordringar",
}
_USES: Final = {
    Use.RECEIVABLE: "1510",
    Use.BANK: "1930",
    Use.CARD_CLEARING: "1580",
    Use.SWISH_CLEARING: "1581",
    Use.UNIDENTIFIED: "2999",
    Use.CUSTOMER_CREDIT: "2420",
    Use.ROUNDING: "3740",
    Use.PAYMENT_FEES: "6570",
    Use.REMINDER_FEES: "3540",
    Use.INTEREST: "8313",
    Use.BAD_DEBT: "6351",
    Use.ACCRUED: "1790",
    Use.ACCRUED_REVENUE: "3090",
    Use.HOST_COST: "4010",
    Use.HOST_PAYABLE: "2440",
    Use.INPUT_TAX: "2641",
}
_SERVICES: Final = ("network", "fee")
_RATES: Final = (Decimal(25), Decimal(12), Decimal(6))


def _revenue() -> tuple[RevenueRule, ...]:
    goods = [RevenueRule(account=f"300{place}", category="S", rate=rate, country="SE")
             for place, rate in enumerate(_RATES, start=1)]  # fmt: skip
    goods += [
        RevenueRule(account="3106", category="S"),
        RevenueRule(account="3004", category="E"),
        RevenueRule(account="3004", category="Z"),
        RevenueRule(account="3004", category="O"),
        RevenueRule(account="3005", category="AE", country="SE"),
        RevenueRule(account="3108", category="AE"),
        RevenueRule(account="3108", category="K"),
        RevenueRule(account="3105", category="G"),
    ]
    services = []
    for kind in _SERVICES:
        services += [
            replace(rule, account=account, kind=kind)
            for rule in goods
            if (account := _SERVICE_ACCOUNTS.get(rule.account))
        ]
    return (*goods, *services)


_SERVICE_ACCOUNTS: Final = {
    "3001": "3041",
    "3002": "3042",
    "3003": "3043",
    "3004": "3044",
    "3108": "3308",
    "3105": "3305",
}


def bas_chart(*, uses: Mapping[Use, str] | None = None, names: Mapping[str, str] | None = None,
              revenue: tuple[RevenueRule, ...] = (), taxes: tuple[TaxRule, ...] = (),
              site_dimension: int | None = 1) -> Chart:  # fmt: skip
    """The default chart with changes; rules given replace those that ask for the same."""
    own = {rule.terms for rule in revenue}
    own_taxes = {rule.terms for rule in taxes}
    return Chart(
        names={**_NAMES, **(names or {})},
        uses={**_USES, **(uses or {})},
        revenue=(*revenue, *(rule for rule in _revenue() if rule.terms not in own)),
        taxes=(*taxes, *(rule for rule in _TAXES if rule.terms not in own_taxes)),
        site_dimension=site_dimension,
    )


_TAXES: Final = (
    TaxRule(account="2611", rate=Decimal(25), country="SE"),
    TaxRule(account="2621", rate=Decimal(12), country="SE"),
    TaxRule(account="2631", rate=Decimal(6), country="SE"),
    TaxRule(account="2670"),
)
