"""Appends rows to CSV and reads them back; whatever it returns is complete and checked.

A result grows in `<name>.partial/` and becomes `<name>/` when it is finished, so that a finished
result is only ever replaced by a finished one. A trial's rows are appended together, its row in
trials.csv last: that row is the commit, and rows of the other files without it are not read.
"""
