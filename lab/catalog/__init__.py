"""Finds and checks models, workloads and experiments: a file's faults are found here, before measuring.

names.py         names, and the sentence that each file opens with, without running it
questions.py     an experiment's question, without running its file
models.py        loads a model
experiments.py   loads an experiment
cases.py         the cells of an experiment's grid
checks.py        every fault of an experiment's declaration:
check_fields.py  of its fields and its grid
check_work.py    of what it runs
check_shown.py   of what it shows and states
"""
