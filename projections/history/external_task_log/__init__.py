"""The log of external tasks: their creation, their failures and their end."""
