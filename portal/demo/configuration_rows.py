"""Configuration of the demo: two templates, and local lists in step.

The simulated fleet answers the rest: some keys it does not know, some it does not let anybody
write, so that a run shows successes and refusals.
"""

from __future__ import annotations

from typing import Final

from portal.demo.network_rows import Ids
from portal.demo.plan import DemoPlan
from stations.configuration.models import ConfigurationTemplate, TemplateValue
from stations.ocpp.models import LocalListSetting

_TEMPLATES: Final = (
    (
        {
            "name": "Fjällvolt Duo",
            "ocpp_version": "1.6",
            "vendor": "Fjällvolt",
            "model": "FV Duo*",
            "note": "Dämpad belysning på natten; tätare mätning sedan hösten.",
        },
        {
            "FreevendEnabled": "false",  # the station does not know it
            "LightIntensity": "60",
            "MeterValueSampleInterval": "30",
        },
    ),
    (
        {
            "name": "Boreal Power",
            "ocpp_version": "2.0.1",
            "vendor": "Boreal Power",
            "priority": 60,
            "reapplies": True,
        },
        {
            "LocalAuthListCtrlr.ItemsPerMessage": "100",  # read-only in the station
            "SampledDataCtrlr.TxUpdatedInterval": "30",
            "TxCtrlr.EVConnectionTimeOut": "180",
        },
    ),
)


def write_configuration(plan: DemoPlan, ids: Ids) -> int:
    """Write templates and the setting of local lists for the first operator; returns the number
    of templates."""
    operator = plan.operators[0]
    operator_id = ids.operators[operator.slug]
    for fields, values in _TEMPLATES:
        template = ConfigurationTemplate.objects.create(operator_id=operator_id, **fields)
        TemplateValue.objects.bulk_create(
            TemplateValue(operator_id=operator_id, template=template, key=key, value=value)
            for key, value in values.items()
        )
    LocalListSetting.objects.create(operator_id=operator_id, is_enabled=True)
    return len(_TEMPLATES)
