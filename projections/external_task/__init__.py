"""Open external tasks: the table that queries read and fetchAndLock claims from."""
