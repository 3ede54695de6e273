"""Cancelling a piece of work exactly where it waits for the n-th time: a crash between any two steps."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from functools import partial
from typing import Any, TypeVar

from typing_extensions import override

T = TypeVar("T")


class _Cut(Awaitable[T]):
    """Awaits the work, and cancels the task that does so when it waits for the n-th time."""

    def __init__(self, work: Awaitable[T], step: int) -> None:
        self._work = work
        self._step = step

    @override
    def __await__(self) -> Generator[Any, Any, T]:
        steps = self._work.__await__()
        resume: Callable[[], Any] = steps.__next__
        while True:
            try:
                waits_for = resume()
            except StopIteration as end:
                return end.value
            self._step -= 1
            if self._step == 0 and (task := asyncio.current_task()) is not None:
                task.cancel()
            try:
                yield waits_for
                resume = steps.__next__
            except BaseException as error:  # noqa: BLE001 - it belongs to the work, cancellation above all
                resume = partial(steps.throw, error)


async def interrupt(work: Awaitable[object], step: int) -> bool:
    """Do the work but cancel it where it waits for the `step`-th time; tell whether it came that far."""

    async def run() -> None:
        await _Cut(work, step)

    task = asyncio.create_task(run())
    await asyncio.wait([task])
    if task.cancelled():
        return True
    task.result()
    return False
