"""What this machine is, and what can be measured on it.

aa_waiting.py    the baseline twice, with work that waits
aa_computing.py  the same, with work that computes
pairs.py         measures and judges pairs of these: what differs between equals cannot be resolved
ceiling.py       how many requests a second the server answers
page.py          all of it as tables, and what to mend
"""
