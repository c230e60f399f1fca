"""Finds and checks models, workloads and experiments: a file's faults are found here, before measuring.

names.py         names, and the sentence and the question of each file, without running it
models.py        loads a model
experiments.py   loads an experiment
cases.py         the cells of an experiment's grid
checks.py        every fault of an experiment's declaration:
check_fields.py  of each of its fields, and of its workload's
check_shown.py   of what it shows and states
"""
