"""What needs a person's attention, with reasons in words; sources are plugged in by the rooms."""
