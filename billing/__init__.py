"""Money: who pays, what it costs, and the books."""
