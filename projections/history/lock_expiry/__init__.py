"""Locks that ran out before their worker was done."""
