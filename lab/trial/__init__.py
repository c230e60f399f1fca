"""The child process: measures one case and ends.

__main__.py   reads its request and writes its frames, a line of JSON each
phases.py     opens the model, runs warm-ups and samples, closes the model
batch.py      one batch: its metrics, what it cost, and whether it counts
validity.py   what makes a sample void
isolate.py    tries in a watched process what may die or hang
"""
