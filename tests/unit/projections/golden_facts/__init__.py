"""Golden facts: how each release stored every kind of fact, so that no later one forgets how to read it.

`X.json` has one line per fact that release X brought or changed: its topic and the hex of its stored state. What the line means stands
in code, in the module of that release. A release with new or changed facts adds such a module, names it in `RELEASES`, and lets
`python -m tests.unit.projections.golden_facts X` write its file. Lines that are there are never edited.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from domain.facts import Envelope, Fact, Recorded
from projections.fact_mapper import FactMapper
from tests.unit.projections.golden_facts import release_0_1_0, release_0_2_0, release_0_2_1

RELEASES: Mapping[str, Sequence[Fact]] = {
    "0.1.0": release_0_1_0.FACTS,
    "0.2.0": release_0_2_0.FACTS,
    "0.2.1": release_0_2_1.FACTS,
}
"""The facts of each release file, as this version of the code says them; the oldest release first."""

EXAMPLES: Mapping[type[Fact], Fact] = {type(fact): fact for facts in RELEASES.values() for fact in facts}
"""One example of every fact, with every field filled: the newest there is."""

STREAM = "0193f000-0000-7abc-8abc-def000000000"
ENVELOPE = Envelope(1_706_933_106_789, "0193f000-0000-7abc-8abc-def000000001", "mary")
FOLDER = Path(__file__).parent
_MAPPER = FactMapper()


def stored(facts: Sequence[Fact]) -> dict[str, str]:
    """Return the states of facts by their topics, as they are stored now."""
    events = [_MAPPER.to_stored_event(Recorded(STREAM, 1, ENVELOPE, fact)) for fact in facts]
    return {event.topic: event.state.hex() for event in events}


def read(release: str) -> dict[str, bytes]:
    """Return the states that a release stored, by their topics."""
    lines: dict[str, str] = json.loads((FOLDER / f"{release}.json").read_text())
    return {topic: bytes.fromhex(state) for topic, state in lines.items()}


def write(release: str) -> Path:
    """Write the file of a release, once; raises FileExistsError for a second time."""
    path = FOLDER / f"{release}.json"
    with path.open("x") as file:
        file.write(json.dumps(stored(RELEASES[release]), indent=1) + "\n")
    return path
