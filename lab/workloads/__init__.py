"""The workloads, one a file: what a task does."""
