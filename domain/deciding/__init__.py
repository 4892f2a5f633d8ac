"""One function per command: given what is known and the command, the facts that follow, or a refusal."""
