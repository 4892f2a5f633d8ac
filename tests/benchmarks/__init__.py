"""Benchmarks: figures, ratios and the targets they are held against by eye. What is asserted is that the work was done, never its time."""
