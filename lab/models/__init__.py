"""The models, one in each file: the file's name is the model's, and its first sentence describes it."""
