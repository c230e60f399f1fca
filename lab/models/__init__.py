"""The models, one in each file: the file's name is the model's, and its first sentence describes it.

At the end of the file, `model = Model(...)` says all that the lab has to know about it: its colour and
marker, where its workers live, whether it pickles, which law its cost follows. (`pool_of_processes` is
`Model` with what holds for every pool of processes.) Files that start with _ are helpers.
"""
