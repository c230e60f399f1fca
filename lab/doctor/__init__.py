"""What can be measured on this machine.

pairs.py      measures the baseline against itself: its differences are what the machine cannot resolve
ceiling.py    how many requests a second the server answers
page.py       all of it as tables, and what to mend
"""
