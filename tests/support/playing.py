"""Playing one class over REST, from its plan to its certificate."""

from tests.support import filling, overseeing, planning, teaching
from tests.support.acting import Acting
from tests.support.cast import Thing


class Playing(Acting):
    """Plays one script to its end."""

    async def play(self, *, evaluated: bool) -> Thing:
        year = int(self.script.label[:4])
        self.on(year, 11, 1)
        await planning.plan(self)
        await filling.fill(self)
        self.on(year + 1, 1, 10)
        await teaching.teach(self)
        await teaching.learn_online(self)
        await teaching.meet(self)
        await overseeing.spend(self)
        await overseeing.attach(self)
        self.on(year + 1, 6, 15)
        if evaluated:
            await overseeing.evaluate(self, year + 1)
        self.on(year + 1, 7, 1)
        await teaching.finish(self)
        self.played.platform.now = None
        return self.thing
