"""Money by card, saved or new, and holds for guests; which provider does it is a folder beside."""
