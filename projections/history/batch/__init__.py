"""Batches, running and past."""
