"""Batches that have not ended."""
