"""Models of history: facts go in, rows come out."""
