"""What history tells: read models that follow the log of facts, written behind the hot path and made again at any time."""
