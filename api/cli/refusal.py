"""Why a command was not carried out."""


class CommandRefused(Exception):
    """A command cannot be carried out; the message is what the user is told."""
