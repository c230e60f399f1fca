"""The figures, one kind a file: each is declared as plain data and drawn by matplotlib when asked."""
