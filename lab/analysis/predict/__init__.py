"""From what was measured to what was not: laws fitted to rounds, and what they say of other sizes."""
