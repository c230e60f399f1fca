"""Appends rows to CSV and reads them back; whatever it returns is complete and checked.

A result grows in `<name>.partial/` and becomes `<name>/` when it is finished, so that a finished
result is only ever replaced by a finished one. A trial's rows are appended together, its row in
trials.csv last: that row is the commit, and rows of the other files without it are not read.

    records.py            what a row of samples.csv and of trials.csv means
    columns.py            the columns, and how values are written as text
    writing.py            appends a trial's rows and commits them
    reading.py            reads a result back, every value checked
    folders.py            where a result grows and where it ends; the lock of a results folder
    publishing.py         puts a finished result in its place; keeps the longer one
    environment_file.py   environment.json
    files.py              files that survive a crash
    formats.py            the names that older results use
"""
