"""The menus of commands that Telegram shows: of each person in their own chat, of the linked group in it."""

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

from handlers.table import group_menu, menu
from prep_bot.i18n import speaking
from prep_bot.services.identity import Actor, Identity
from prep_bot.texts.help import summary

log = structlog.get_logger()


class Menus:
    """Publishes menus. A menu that could not be published is logged and no more: every command works without it."""

    def __init__(self, bot: Bot, identity: Identity) -> None:
        self._bot = bot
        self._identity = identity
        self._published: dict[int, tuple[str, ...]] = {}

    async def for_strangers(self) -> None:
        """Publish the menu of whoever is not enrolled: empty, so that it gives nothing away."""
        try:
            await self._bot.set_my_commands([], scope=BotCommandScopeAllPrivateChats())
        except TelegramError:
            log.warning("menu.failed", scope="strangers")

    async def for_person(self, telegram_id: int, actor: Actor | None) -> None:
        """Publish a person's own menu if it changed since this process last did; nobody's is taken away."""
        with speaking(actor.language) if actor else speaking("es_MX"):
            await self._publish(telegram_id, menu(actor) if actor else ())

    async def renew(self, telegram_id: int) -> None:
        """Publish what whoever has that account may do now."""
        await self.for_person(telegram_id, await self._identity.of(telegram_id))

    async def of_member(self, person_id: int) -> None:
        """Publish what a person may do now, if they have an account."""
        account = await self._identity.account(person_id)
        if account is not None:
            await self.renew(account)

    async def of_former(self) -> None:
        """Publish the menus of those who left: the plan may have said so while this process did not run."""
        for account in await self._identity.former():
            await self.renew(account)

    async def for_group(self, chat_id: int) -> None:
        """Publish the menu of the linked group."""
        await self._publish(chat_id, group_menu())

    async def for_no_group(self, chat_id: int) -> None:
        """Take the menu away from a group that is linked no more."""
        await self._publish(chat_id, ())

    async def _publish(self, chat_id: int, names: tuple[str, ...]) -> None:
        if self._published.get(chat_id) == names:
            return
        scope = BotCommandScopeChat(chat_id)
        commands = [BotCommand(name, summary(name)) for name in names]
        try:
            if commands:
                await self._bot.set_my_commands(commands, scope=scope)
            else:
                await self._bot.delete_my_commands(scope=scope)
        except TelegramError:
            log.warning("menu.failed", scope="chat")
            return
        self._published[chat_id] = names
