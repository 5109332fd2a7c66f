"""Addresses of incidents."""

from __future__ import annotations

from django.urls import path

from stations.incidents import action_views, rule_views, views
from stations.incidents.remedies import views as remedy_views

_ONE = "incidents/<str:public_id>/"

urlpatterns = [
    path("control-room/", views.control_room, name="control_room"),
    path("healing/", remedy_views.healing, name="healing"),
    path("healing/setting/", remedy_views.remedy_setting, name="remedy_setting"),
    path("healing/playbook/", remedy_views.playbook_edit, name="playbook_edit"),
    path("remedy-runs/", remedy_views.run_list, name="remedy_run_list"),
    path("incident-rules/", rule_views.incident_rules, name="incident_rules"),
    path("incident-rules/edit/", rule_views.incident_rule_edit, name="incident_rule_edit"),
    path("incident-rules/<int:pk>/drop/", rule_views.incident_rule_drop, name="incident_rule_drop"),
    path("error-codes/", rule_views.error_code_list, name="error_code_list"),
    path("error-codes/<str:public_id>/", rule_views.error_code_edit, name="error_code_edit"),
    path("incidents/", views.incident_list, name="incident_list"),
    path("incidents/new/", views.incident_create, name="incident_create"),
    path(_ONE, views.incident_detail, name="incident_detail"),
    path(f"{_ONE}acknowledge/", action_views.incident_acknowledge, name="incident_acknowledge"),
    path(f"{_ONE}assign/", action_views.incident_assign, name="incident_assign"),
    path(f"{_ONE}snooze/", action_views.incident_snooze, name="incident_snooze"),
    path(f"{_ONE}wake/", action_views.incident_wake, name="incident_wake"),
    path(f"{_ONE}resolve/", action_views.incident_resolve, name="incident_resolve"),
    path(f"{_ONE}merge/", action_views.incident_merge, name="incident_merge"),
    path(f"{_ONE}link/", action_views.incident_link, name="incident_link"),
    path(f"{_ONE}note/", action_views.incident_note, name="incident_note"),
]
