"""What this machine is, and what can be measured on it.

`facts.collect` reads what the machine and the interpreter are; `pairs.measure` runs the baseline
against itself, as the lab runs anything, and `pairs.judge` says what came of it; `ceiling.measure`
loads the server. `remedies.remedies` says what to mend, and `page.page` words it all.
"""
