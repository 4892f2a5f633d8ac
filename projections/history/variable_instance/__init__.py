"""Variable instances: the last value of each, also of those whose scope has ended or that were removed."""
