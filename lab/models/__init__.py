"""The models, one a file: the file's name is the model's name, its first sentence says what it is."""
