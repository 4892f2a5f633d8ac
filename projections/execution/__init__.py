"""Executions: what of them is active in running instances, drawn from all that waits."""
