"""A demo network with real geography: a seeded plan, its history, and loading them."""
