"""Users, operators, memberships, permissions, API tokens."""
