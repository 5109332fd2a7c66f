"""The books of the demo's past: months are invoiced, paid by bank files, and closed."""
