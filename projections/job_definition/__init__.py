"""The kinds of jobs that definitions can have."""
