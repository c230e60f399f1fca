"""The parent: plans the trials, launches a child for each, and stores one row for each.

plan.py       the grid as cases, and the cases as rounds in shuffled order
jobs.py       what a run has to do, fixed before anything is measured; what --resume needs
duration.py   how long a run will take
trials.py     runs the jobs: a row for each trial, whatever becomes of it
process.py    launches one trial, listens to it, and watches its deadline and its memory
reap.py       kills a trial with all its descendants
"""
