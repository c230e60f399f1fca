"""The parent: plans the trials, launches a child for each, and keeps a row of each."""
