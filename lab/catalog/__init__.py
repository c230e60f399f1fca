"""Finds and checks models, workloads and experiments: a file's faults are found here, before measuring."""
