"""The outcome of a command that comes again, as the facts tell it that it left the first time."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from api.engine.batch import started
from api.engine.definitions import Definitions
from api.engine.store import Wanted, load
from api.engine.streams import MAPPER
from api.engine.submission import Submission
from api.engine.together import EngineConnection
from domain.commands import CreateIncident, StartProcessInstance
from domain.facts import Fact, IncidentRaised, JobFailed
from domain.ids import last_part_id, part_id
from domain.job_commands import ExecuteJob
from domain.outcomes import IncidentCreated, JobAttempted, Outcome
from domain.refusals import ExecutionFailed

# Purpose: what one command left in an instance.
LEFT = """
SELECT originator_id::text, originator_version, topic, state FROM stored_events
WHERE originator_id BETWEEN %s::uuid AND %s::uuid AND position(%b::bytea IN state) > 0 ORDER BY notification_id
"""


async def outcome_again(connection: EngineConnection, definitions: Definitions, submission: Submission) -> Outcome:
    """Tell what the command's sender was told, or what stands of it now."""
    match submission.command:
        case StartProcessInstance():
            return await _started_again(connection, definitions, submission)
        case CreateIncident():
            raised = [fact for fact in await _left(connection, submission) if isinstance(fact, IncidentRaised)]
            return IncidentCreated(part_id(submission.stream_id, raised[0].key)) if raised else None
        case ExecuteJob():
            failed = [fact for fact in await _left(connection, submission) if isinstance(fact, JobFailed)]
            return JobAttempted(ExecutionFailed(failed[0].message) if failed else None)
        case _:
            return None


async def _started_again(connection: EngineConnection, definitions: Definitions, submission: Submission) -> Outcome:
    loaded = await load(connection, Wanted(streams=[submission.stream_id]))
    state = loaded.instances[submission.stream_id]
    definition = await definitions.get(state.definition_id)
    assert definition is not None
    return started(state, definition, dict(state.variables.get(0, {})))


async def _left(connection: EngineConnection, submission: Submission) -> Sequence[Fact]:
    instance, command = submission.stream_id, UUID(submission.command_id).bytes
    rows = await connection.rows(LEFT, [instance, last_part_id(instance), command])
    return [MAPPER.record(*row).fact for row in rows]
