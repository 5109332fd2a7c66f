"""A person must act: work orders under service agreements, with clocks, plans and partners."""
