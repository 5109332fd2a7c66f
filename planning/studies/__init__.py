"""Studies: a question about where to build, the data it was asked of, and the answer."""
