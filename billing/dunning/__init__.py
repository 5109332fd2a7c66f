"""What happens when an invoice is not paid: interest, reminders, demands, blocking."""
