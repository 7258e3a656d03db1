"""Whether an answer is held by the passages it cites."""
