"""What a batch costs: CPU time and memory of a trial's process and of all its descendants.

tree.py     the processes that descend from one
cpu.py      the CPU time of a process tree, before and after a batch
memory.py   the peak memory of a process tree, watched from outside
here.py     both for a block of code, for experiments that measure a batch themselves
limits.py   open files and processes: raised where the login allows it
"""
