"""Appends rows to CSV and reads them back; all that it returns is complete and checked.

A result grows in `<name>.partial/` and becomes `<name>/` when it is finished, so that a finished
result is only ever replaced by a finished one. A trial's rows are appended together, its row in
trials.csv last: that row is the commit, and rows of the other files without it are not read.

    records.py            what a row of samples.csv and of trials.csv means, and how it is written
    writing.py            appends a trial's rows, commits them, and publishes the result
    reading.py            reads a result back, every value checked
    folders.py            where a result grows and where it ends; the lock of a results folder
    environment_file.py   environment.json, and which format a result has
    first_format.py       gives a result of the first format the names of today
    files.py              files that survive a crash
"""
