"""What waits for messages and signals: instances, and start events of definitions."""
