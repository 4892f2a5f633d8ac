"""The shop's workers: what each does about an order."""

from __future__ import annotations

from dataclasses import replace

from api.demo.orders import ATTEMPTS, Order
from api.demo.tally import Tally
from gesta_client import Client, ExternalTask, ExternalTaskService, RetryPolicy, Worker, WorkerOptions

LOCK_DURATION = 60_000
OPTIONS = WorkerOptions(worker_id="shop", max_tasks=20, concurrency=20, long_poll=1_000, retry=RetryPolicy(attempts=ATTEMPTS))


class CardTerminalDown(Exception):
    """The card terminal does not answer."""


class OutOfStock(Exception):
    """An article is not in stock."""


class Shop:
    """Handlers, one per topic of order.bpmn."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def workers(self, client: Client, definition: str) -> list[Worker]:
        """The office and the warehouse; they leave alone what other versions of the process have open."""
        office = Worker(client, replace(OPTIONS, worker_id="office"))
        warehouse = Worker(client, replace(OPTIONS, worker_id="warehouse"))
        for worker, topic, handler, variables in (
            (office, "check-order", self.check_order, ["number", "items"]),
            (office, "approve-order", self.approve_order, ["amount"]),
            (office, "charge-card", self.charge_card, ["number", "amount"]),
            (office, "notify-customer", self.notify_customer, ["reason"]),
            (warehouse, "reserve-stock", self.reserve_stock, ["number", "items"]),
            (warehouse, "ship-order", self.ship_order, ["express"]),
        ):
            worker.subscribe(topic, handler, lock_duration=LOCK_DURATION, variables=variables, process_definition_id=definition)
        return [office, warehouse]

    async def check_order(self, task: ExternalTask, service: ExternalTaskService) -> None:
        """Refuse invalid orders with a BPMN error."""
        if _order(task).is_invalid:
            reason = f"{task.variables['items'][0]['article']} is not for sale"
            await service.bpmn_error(task, "ORDER_INVALID", reason, {"reason": reason})
            self._tally.count("errors", task)
        else:
            await service.complete(task, {"valid": True})
            self._tally.count("completed", task)

    async def approve_order(self, task: ExternalTask, service: ExternalTaskService) -> None:
        """Approve a large order."""
        await service.complete(task, {"approval": {"by": "office", "amount": task.variables["amount"]}})
        self._tally.count("completed", task)

    async def charge_card(self, task: ExternalTask, service: ExternalTaskService) -> None:
        """Charge the card; some cards only at the second attempt."""
        if _order(task).card_fails_once and task.retries is None:
            self._tally.count("failed", task)
            raise CardTerminalDown("the card terminal does not answer")
        await service.complete(task, {"charged": task.variables["amount"]})
        self._tally.count("completed", task)

    async def reserve_stock(self, task: ExternalTask, service: ExternalTaskService) -> None:
        """Reserve the articles; for some orders there are none, however often it is tried."""
        if _order(task).is_out_of_stock:
            self._tally.count("failed", task)
            raise OutOfStock(f"{task.variables['items'][0]['article']} is not in stock")
        await service.complete(task, {"reservation": f"R-{task.variables['number']}"})
        self._tally.count("completed", task)

    async def ship_order(self, task: ExternalTask, service: ExternalTaskService) -> None:
        """Hand the parcel to the carrier."""
        await service.complete(task, {"carrier": "express" if task.variables["express"] else "standard"})
        self._tally.count("completed", task)

    async def notify_customer(self, task: ExternalTask, service: ExternalTaskService) -> None:
        """Tell the customer why there is no parcel."""
        await service.complete(task, {"notice": f"Your order is refused: {task.variables['reason']}"})
        self._tally.count("completed", task)


def _order(task: ExternalTask) -> Order:
    return Order(task.variables["number"])
