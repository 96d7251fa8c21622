"""Nothing leaves the house: the letter is kept, and a page shows what would have been sent."""

from services.notifications import store
from services.notifications.domain.letter import Letter, Receipt
from shared.plumbing.clock import Clock
from shared.plumbing.database import Database
from shared.plumbing.scope import EVERYTHING


class ConsoleGateway:
    """Keeps a letter once, however often it is handed over."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def send(self, letter: Letter) -> Receipt:
        async with self._database.write(scope=EVERYTHING) as session:
            await store.keep_delivery(session, letter, at=self._clock.now())
        return Receipt(provider_reference=f"console:{letter.reference}")
