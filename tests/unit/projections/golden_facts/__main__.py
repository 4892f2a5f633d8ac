"""Writes the golden facts of a release: `python -m tests.unit.projections.golden_facts 0.2.0`."""

import sys

from tests.unit.projections.golden_facts import write

if __name__ == "__main__":
    print(write(sys.argv[1]))
