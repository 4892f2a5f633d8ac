"""Activity instances: every element that a token was in."""
