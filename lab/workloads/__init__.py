"""The workloads, one in each file: what a task does."""
