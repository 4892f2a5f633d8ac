"""Active elements that are no tasks."""
