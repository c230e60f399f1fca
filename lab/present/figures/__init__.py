"""The figures: an experiment declares them as plain data, and matplotlib draws them from a result.

Each kind of figure is one file in `kinds/`, whose function `draw(results, summary, **options)` returns a
matplotlib figure, and one function in `lab.core.figures`, which declares it with its options. To add a
kind, write these two; nothing else has to know of it. What several kinds use is here:

- `render` draws a declared figure and writes its files; `filenames` names them; `draw` draws many
- `page` lays out the title, the panels and the footer; `style` has the colours, markers and fonts
- `cells` and `selection` pick the cases of a figure and of each panel; `rows` has their numbers
- `axis_scale` and `sweep` scale an axis; `end_labels` names lines at their ends
- `bar_marks`, `line_marks` and `crossings` draw marks; `curves`, `ecdf`, `facts`, `tables` and `lanes`
  have what the marks of one kind show
"""
