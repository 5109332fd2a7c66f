"""The quarterly files of the US intake EV-ChART: sessions, uptime and outages of each port."""
