"""Topics: what is open on them, who asks for it, and whose locks ran out."""
