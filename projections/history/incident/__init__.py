"""Incidents, open and past."""
