"""Running process instances."""
