"""Runtime variables of all scopes."""
