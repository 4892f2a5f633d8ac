"""`python -m api.cli` is the command `gesta`."""

from api.cli import main

main()
