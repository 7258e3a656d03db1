"""Finding the right paragraph: encoder, store, and the index that searches both ways."""
