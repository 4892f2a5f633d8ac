"""Branches of parallel tokens: which execution a token goes on with."""
