"""Process definitions that can be started or still have instances."""
