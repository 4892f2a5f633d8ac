"""Open user tasks."""
