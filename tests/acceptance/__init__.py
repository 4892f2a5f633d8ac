"""Acceptance tests: a real server over HTTP, answer by answer as Camunda 7.24 gave them."""
