"""Reports over the network: energy and sessions, utilisation, stations."""
