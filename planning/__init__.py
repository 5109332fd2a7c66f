"""Site strategy and network design: where to build next, how large, and whether it pays."""
