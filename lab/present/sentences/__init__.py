"""What a result means, in plain sentences: the wording of all that the lab says of its numbers."""
