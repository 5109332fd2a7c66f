"""Members of an operator: who they are, what they may, and how they are invited."""
