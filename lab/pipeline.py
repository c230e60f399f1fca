"""measure → publish → summarise → judge → draw → page, as a stream of events."""
