"""What a batch costs: CPU time and memory of a trial's process and of all its descendants."""
