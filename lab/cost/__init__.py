"""What a batch costs: CPU time and memory of a trial's process and of all its descendants.

tree.py     the processes that descend from one
helpers.py  the processes that `multiprocessing` keeps for itself
cpu.py      the CPU time of a process tree, before and after a batch
memory.py   the peak memory of a process tree, watched from outside
here.py     both for a block of code, for experiments that measure a batch themselves
"""
