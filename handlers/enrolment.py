"""/start with a code: the privacy notice, and the tap that enrols."""

from handlers.doorman import Doorman
from handlers.turn import Reply
from prep_bot.services.container import Services
from prep_bot.services.invitations import AccountTakenError, TwoKeysError, UnusableCodeError
from prep_bot.texts import enrolment as texts


class Enrolment:
    """Lets people in."""

    def __init__(self, services: Services, doorman: Doorman) -> None:
        self._services = services
        self._doorman = doorman

    def stranger(self, telegram_id: int) -> Reply:
        """Answer a stranger once, and then no more."""
        return texts.stranger() if self._doorman.greets(telegram_id) else None

    async def open(self, telegram_id: int, code: str) -> Reply:
        """Show what a code offers, and the privacy notice. Too many wrong codes get silence.

        Who opens their own link again, to find the way back to the chat, is welcomed again.
        """
        if not self._doorman.admits(telegram_id):
            return None
        try:
            offered = await self._services.invitations.offer(code, telegram_id)
        except UnusableCodeError:
            self._doorman.failed(telegram_id)
            return texts.unusable_code()
        return texts.welcome(offered) if offered.accepted else texts.offer(code, offered)

    async def accept(self, telegram_id: int, code: str) -> Reply:
        """Enrol whoever accepted the privacy notice."""
        if not self._doorman.admits(telegram_id):
            return None
        try:
            offered = await self._services.invitations.accept(code, telegram_id)
        except UnusableCodeError:
            self._doorman.failed(telegram_id)
            return texts.unusable_code()
        except TwoKeysError:
            return texts.two_keys()
        except AccountTakenError:
            return texts.account_taken()
        return texts.welcome(offered)
