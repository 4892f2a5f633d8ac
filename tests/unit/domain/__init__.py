"""The domain: given facts, when a command, then exactly these facts."""
