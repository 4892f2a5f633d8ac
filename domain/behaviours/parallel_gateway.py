"""Parallel gateway: waits until as many tokens stand at it as it has incoming flows, then forks along all outgoing ones (BPMN page §7).

The token that came last goes on: so its execution does, as in Camunda.
"""

from __future__ import annotations

from domain.behaviour import ElementBehaviour
from domain.decision import Decision
from domain.facts import ElementCompleted
from domain.flow import depart


class ParallelGatewayBehaviour(ElementBehaviour):
    def activate(self, decision: Decision, key: int) -> None:
        gateway, scope = decision.element(key), decision.state.tokens[key].scope
        here = decision.state.places[(scope, gateway.id)]
        if len(here) < gateway.incoming:
            return
        for other in sorted(here.delete(key))[: gateway.incoming - 1]:
            decision.record(ElementCompleted(other))
        depart(decision, key, gateway.outgoing)
