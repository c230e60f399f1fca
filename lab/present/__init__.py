"""Results for people: tables, sentences, figures, the notebook, the trace."""
