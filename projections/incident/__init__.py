"""Open incidents."""
