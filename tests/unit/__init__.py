"""Unit tests: pure code, no server, in seconds."""
