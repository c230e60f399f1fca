"""What this machine is, and what can be measured on it.

`facts.collect` reads what the machine and the interpreter are; `pairs.plan` and `pairs.judge` hold the
baseline against itself; `ceiling.measure` loads the server; `remedies.remedies` says what to mend, and
`page.page` words it all.
"""
