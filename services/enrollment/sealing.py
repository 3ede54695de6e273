"""The sealer of persons as a dependency of routes: made once, with the application."""

from typing import Annotated

from fastapi import Depends, Request

from shared.sealed import Sealer


async def _sealer(request: Request) -> Sealer:
    return request.app.state.sealer


Sealing = Annotated[Sealer, Depends(_sealer)]
