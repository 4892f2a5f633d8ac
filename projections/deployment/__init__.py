"""Deployments and the files they brought."""
