"""What the bridge writes: one set-based statement group per kind of fact."""
