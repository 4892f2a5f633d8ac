"""Plays scenarios on a server, records every answer, and compares two servers answer by answer.

    python -m tests.acceptance.oracle run BASE_URL [FILE|DIR ...]                print the normalised traces
    python -m tests.acceptance.oracle record BASE_URL OUT_DIR [FILE|DIR ...]     write one golden JSON file per scenario
    python -m tests.acceptance.oracle replay BASE_URL GOLDEN_DIR [FILE|DIR ...]  run again and compare with the golden files
    python -m tests.acceptance.oracle diff BASE_URL OTHER_URL [FILE|DIR ...]     run on both and compare (first: the reference)

`-k REGEX` picks scenarios by name, `-v` prints every difference in full. Exit status 1 when something differs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from tests.acceptance.oracle import golden
from tests.acceptance.oracle.compare import difference, same
from tests.acceptance.oracle.play import Scenario, play, scenarios, stopped
from tests.acceptance.oracle.trace import Trace


def run(scenario: Scenario, args: argparse.Namespace) -> bool:
    """Print the trace."""
    print(f"# {scenario.name}", json.dumps(play(args.base, scenario), indent=1, ensure_ascii=False), sep="\n")
    return True


def record(scenario: Scenario, args: argparse.Namespace) -> bool:
    """Write the golden file."""
    trace = play(args.base, scenario)
    golden.write(Path(args.other), scenario.name, trace)
    if problem := stopped(trace):
        print(f"stopped {scenario.name}: {problem}")
    return problem is None


def replay(scenario: Scenario, args: argparse.Namespace) -> bool:
    """Compare with the golden file."""
    wanted = golden.read(Path(args.other), scenario.name)
    if wanted is None:
        print(f"no golden file for {scenario.name}")
        return False
    return report(scenario, wanted, play(args.base, scenario), args.v)


def diff(scenario: Scenario, args: argparse.Namespace) -> bool:
    """Compare two servers."""
    return report(scenario, play(args.base, scenario), play(args.other, scenario), args.v)


def report(scenario: Scenario, wanted: Trace, got: Trace, verbose: bool) -> bool:
    """Say whether two traces are the same, and if not, where they differ."""
    if same(wanted, got) and not stopped(wanted):
        print(f"same    {scenario.name}")
        return True
    first, *rest = difference(wanted, got, verbose)
    print(f"differs {scenario.name}   {first}", *(f"        {line}" for line in rest), sep="\n")
    return False


VERBS: dict[str, Callable[[Scenario, argparse.Namespace], bool]] = {"run": run, "record": record, "replay": replay, "diff": diff}


def arguments() -> argparse.Namespace:
    """The command line; `other` is the second server or the folder of golden files, `paths` the scenarios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=list(VERBS))
    parser.add_argument("base")
    parser.add_argument("rest", nargs="*")
    parser.add_argument("-k", default="")
    parser.add_argument("-v", action="store_true")
    args = parser.parse_intermixed_args()
    if args.verb != "run" and not args.rest:
        parser.error(f"{args.verb} needs a second address or folder")
    args.other, args.paths = (None, args.rest) if args.verb == "run" else (args.rest[0], args.rest[1:])
    return args


def main() -> int:
    """Do what the command line says to every scenario it picks."""
    args = arguments()
    good = [VERBS[args.verb](scenario, args) for scenario in scenarios(args.paths, args.k)]
    print(f"{sum(good)} passed, {len(good) - sum(good)} failed")
    return 0 if good and all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
