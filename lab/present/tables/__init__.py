"""One table for every reader: built from a result once, rendered by Rich, Jinja, as Markdown and as CSV."""
