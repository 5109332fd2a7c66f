"""Whether the operator's own id tokens may charge."""
