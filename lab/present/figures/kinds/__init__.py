"""The kinds of figure, one a file: `draw` makes the figure that `lab.core.figures` declares."""
