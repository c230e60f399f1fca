"""The figures: an experiment declares them as plain data, and matplotlib draws them from a result.

Each kind of figure is one file in `kinds/`, whose function `draw(results, summary, **options)` returns a
matplotlib figure, and one function in `lab.core.figures`, which declares it with its options. To add a
kind, write these two; nothing else has to know of it. A kind picks its cases and lays them out in panels
(`cells`), reads what they show (`rows`, `facts`, `lanes`), makes a page of empty panels (`page`), and draws
into each, on axes of `axis_scale`, with `marks` and the colours of `style`. `curves` has what the lines of
a line figure show; `draw` draws many figures and writes their files. The words are in `sentences.jinja`.
"""
