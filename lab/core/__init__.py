"""The nouns and words that every room may use."""
