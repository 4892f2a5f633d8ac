"""Why a demonstration did not reach its end."""


class DemoFailed(Exception):
    """The demonstration cannot go on; the message is what the user is told."""
