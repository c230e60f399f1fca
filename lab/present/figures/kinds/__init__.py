"""The kinds of figure, each in its own file: `draw` makes what `lab.core.figures` declares."""
