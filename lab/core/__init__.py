"""The data types and small helpers that every package uses.

work.py         workloads, models, cases, spans
experiment.py   an experiment: its question, its grid, what each case runs, the work that it stands for
claims.py       claims, and the words that declare them
constants.py    costs of the machine that an experiment measures, for `lab predict`
figures.py      figures, and the words that declare them
derived.py      tables that follow from the rows
statements.py   the statements about Python's concurrency that claims judge
clock.py        stamps a task into a span
machine.py      how many cores there are
pythons.py      the interpreters that the lab runs on
child.py        starts another interpreter with the same `lab`
forking.py      forks beside other threads, and the warning about them
words.py        numbers as words
verdicts.py     the words of a verdict, and what each means
errors.py       the one error that a user is meant to see
"""
