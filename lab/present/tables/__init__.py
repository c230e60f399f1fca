"""A result in words and tables: what the terminal prints and a notebook shows."""
