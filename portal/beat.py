"""Beat's schedule: every task here pulls what is due, so a missed turn loses nothing."""

from __future__ import annotations

from typing import Any, Final

BEAT_SCHEDULE: Final[dict[str, dict[str, Any]]] = {
    "reconcile-due": {"task": "stations.sessions.tasks.reconcile_due", "schedule": 5.0},
    "post-due": {"task": "billing.accounting.tasks.post_due", "schedule": 20.0},
    "rate-due": {"task": "billing.review.tasks.rate_due", "schedule": 5.0},
    "follow-costs": {"task": "billing.review.tasks.follow_costs", "schedule": 20.0},
    "make-invoice-files": {
        "task": "billing.invoices.delivery_tasks.make_invoice_files",
        "schedule": 10.0,
    },
    "find-missing-invoice-files": {
        "task": "billing.invoices.delivery_tasks.make_invoice_files",
        "schedule": 3600.0,
        "kwargs": {"everything": True},
    },
    "send-invoice-deliveries": {
        "task": "billing.invoices.delivery_tasks.send_deliveries",
        "schedule": 15.0,
    },
    "tell-idle-drivers": {"task": "customers.idle.tasks.tell_idle_drivers", "schedule": 20.0},
    "tell-payers": {"task": "customers.notices.tasks.tell_payers", "schedule": 60.0},
    "follow-guests": {"task": "customers.guests.tasks.follow_guests", "schedule": 5.0},
    "make-guest-codes": {"task": "customers.guests.tasks.make_guest_codes", "schedule": 300.0},
    "stop-at-limits": {"task": "billing.review.tasks.stop_at_limits", "schedule": 30.0},
    "retry-held": {"task": "billing.review.tasks.retry_held", "schedule": 300.0},
    "watch-sessions": {"task": "stations.sessions.tasks.watch_sessions", "schedule": 60.0},
    "expire-commands": {"task": "stations.commands.tasks.expire_commands", "schedule": 10.0},
    "match-stations": {
        "task": "stations.hardware.catalogue.tasks.match_stations",
        "schedule": 15.0,
    },
    "detect-state": {"task": "stations.incidents.tasks.detect_state", "schedule": 3.0},
    "detect-told": {"task": "stations.incidents.tasks.detect_told", "schedule": 15.0},
    "heal-due": {"task": "stations.incidents.tasks.heal_due", "schedule": 3.0},
    "prove-healed": {"task": "stations.incidents.tasks.prove_healed", "schedule": 60.0},
    "detect-silence": {"task": "stations.incidents.tasks.detect_silence", "schedule": 900.0},
    "order-unhealed": {"task": "stations.maintenance.tasks.order_unhealed", "schedule": 10.0},
    "follow-clocks": {"task": "stations.maintenance.tasks.follow_clocks", "schedule": 30.0},
    "work-campaigns": {"task": "stations.firmware.tasks.work_campaigns", "schedule": 5.0},
    "follow-logs": {"task": "stations.firmware.tasks.follow_logs", "schedule": 5.0},
    "purge-logs": {"task": "stations.firmware.tasks.purge_logs", "schedule": 3600.0},
    "rebuild-uptime": {"task": "stations.uptime.tasks.rebuild_due", "schedule": 20.0},
    "make-plan-orders": {
        "task": "stations.maintenance.tasks.make_plan_orders",
        "schedule": 3600.0,
    },
    "purge-drafts": {"task": "stations.onboarding.tasks.purge_drafts", "schedule": 300.0},
    "fill-search": {"task": "core.search.tasks.fill_search", "schedule": 3.0},
    "ensure-partitions": {"task": "stations.hardware.tasks.ensure_partitions", "schedule": 3600.0},
    "send-due-schedules": {"task": "core.schedules.tasks.send_due", "schedule": 60.0},
    "execute-bulk-actions": {"task": "core.lists.tasks.execute_bulk_actions", "schedule": 10.0},
    "follow-configuration": {
        "task": "stations.configuration.tasks.follow_configuration",
        "schedule": 5.0,
    },
    "send-invitations": {"task": "core.members.tasks.send_invitations", "schedule": 60.0},
    "send-customer-invitations": {
        "task": "customers.selfservice.tasks.send_customer_invitations",
        "schedule": 60.0,
    },
    "tell-fixed": {"task": "customers.support.tasks.tell_fixed", "schedule": 60.0},
    "sync-local-lists": {"task": "stations.ocpp.tasks.sync_local_lists", "schedule": 5.0},
    "find-notifications": {
        "task": "core.notifications.tasks.find_notifications",
        "schedule": 30.0,
    },
    "deliver-notifications": {
        "task": "core.notifications.tasks.deliver_notifications",
        "schedule": 20.0,
    },
    "forget-notifications": {
        "task": "core.notifications.tasks.forget_notifications",
        "schedule": 86_400.0,
    },
    "end-dead-bridges": {"task": "stations.ocpp.tasks.end_dead_bridges", "schedule": 10.0},
    "collect-webhook-events": {"task": "core.webhooks.tasks.collect_events", "schedule": 5.0},
    "deliver-webhooks": {"task": "core.webhooks.tasks.deliver_due", "schedule": 5.0},
    "drop-old-webhooks": {"task": "core.webhooks.tasks.drop_old", "schedule": 3600.0},
    "take-dunning-steps": {"task": "billing.dunning.tasks.take_steps", "schedule": 3600.0},
    "lift-settled-blocks": {"task": "billing.dunning.tasks.lift_settled", "schedule": 15.0},
    "match-payments": {"task": "billing.payments.tasks.match_payments", "schedule": 30.0},
    "follow-cards": {"task": "billing.payments.tasks.follow_cards", "schedule": 15.0},
    "collect-cards": {"task": "billing.payments.tasks.collect_cards", "schedule": 600.0},
    "read-card-payouts": {"task": "billing.payments.tasks.read_card_payouts", "schedule": 1800.0},
    "send-price-notices": {
        "task": "billing.tariffs.tasks.send_price_notices",
        "schedule": 60.0,
    },
    "plan-billing-runs": {"task": "billing.invoices.tasks.plan_runs", "schedule": 600.0},
    "work-billing-runs": {"task": "billing.invoices.tasks.work_runs", "schedule": 10.0},
    "send-charging-bases": {"task": "customers.basis.tasks.send_bases", "schedule": 30.0},
    "freeze-charging-bases": {"task": "customers.basis.tasks.freeze_bases", "schedule": 1800.0},
    "make-final-bills": {
        "task": "customers.residents.tasks.make_final_bills",
        "schedule": 600.0,
    },
    "prepare-statements": {
        "task": "billing.settlement.tasks.prepare_statements",
        "schedule": 3600.0,
    },
    "match-host-payouts": {
        "task": "billing.settlement.tasks.match_host_payouts",
        "schedule": 60.0,
    },
    "mark-overdue": {"task": "billing.invoices.tasks.mark_overdue", "schedule": 3600.0},
    "pull-spot-prices": {"task": "billing.spot.tasks.pull_spot_prices", "schedule": 900.0},
    "run-studies": {"task": "planning.studies.tasks.run_waiting", "schedule": 10.0},
    "store-api-requests": {"task": "core.api.tasks.store_api_requests", "schedule": 10.0},
    "drop-api-requests": {"task": "core.api.tasks.drop_api_requests", "schedule": 600.0},
    "drop-idempotent-calls": {"task": "core.api.tasks.drop_idempotent_calls", "schedule": 600.0},
}
DEMO_SCHEDULE: Final[dict[str, dict[str, Any]]] = {
    "tell-demo-books": {"task": "portal.tasks.tell_demo_books", "schedule": 15.0},
}
"""What a demo does besides."""
