"""Composition of the product: settings, URLs, processes."""

from portal import orphan

# Every process of the product imports this package: none of them outlives a killed demo.
orphan.watch()
