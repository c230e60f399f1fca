"""The child process: measures one case and ends."""
