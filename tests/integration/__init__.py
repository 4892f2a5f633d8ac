"""Integration tests: on a real PostgreSQL."""
