"""Why the embedded PostgreSQL does not start."""


class EmbeddedRefused(Exception):
    """The embedded PostgreSQL cannot be used as things are; the message is one line that says why and what would help."""
