"""The embedded exchange-rate server, in a process of its own."""
