"""Sessions: what stations told, the truth derived from it, and its pages."""
