"""What was put right of sessions that were billed."""
