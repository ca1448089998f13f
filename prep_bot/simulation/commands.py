"""The bot's command menus: one list for each scope and language, and which of them a person sees."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from prep_bot.simulation.api import Json, Params, bad_request
from prep_bot.simulation.people import SimulatedChat, SimulatedGroup, SimulatedUser

_MAX_COMMANDS = 100
_MAX_DESCRIPTION = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")


class Scope(NamedTuple):
    """Where a menu shows: the kind of scope, and its chat and member where it has them."""

    kind: str = "default"
    chat_id: int = 0
    user_id: int = 0


class CommandMenus:
    """All menus that the bot has set."""

    def __init__(self) -> None:
        self._menus: dict[tuple[Scope, str], list[Json]] = {}

    def set(self, scope: Scope, language: str, commands: list[Json]) -> None:
        """Keep a menu in place of what was there; an empty one is no menu."""
        if commands:
            self._menus[scope, language] = commands
        else:
            self._menus.pop((scope, language), None)

    def get(self, scope: Scope, language: str) -> list[Json]:
        """Return the menu of exactly this scope and language."""
        return self._menus.get((scope, language), [])

    def seen(self, user: SimulatedUser, chat: SimulatedChat) -> list[Json]:
        """Return the menu that the person sees in the chat: of the narrowest scope, rather in their language."""
        for scope in _narrowing(user, chat):
            for language in (user.language_code, ""):
                if menu := self.get(scope, language):
                    return menu
        return []


def _narrowing(user: SimulatedUser, chat: SimulatedChat) -> Iterator[Scope]:
    if isinstance(chat, SimulatedGroup):
        administers = chat.members.get(user.id) == "creator"
        yield Scope("chat_member", chat.id, user.id)
        if administers:
            yield Scope("chat_administrators", chat.id)
        yield Scope("chat", chat.id)
        if administers:
            yield Scope("all_chat_administrators")
        yield Scope("all_group_chats")
    else:
        yield Scope("chat", chat.id)
        yield Scope("all_private_chats")
    yield Scope()


def parse_commands(params: Params) -> list[Json]:
    """Return the checked `commands` of a call.

    Raises ApiError when Telegram would refuse them.
    """
    commands = params.json("commands")
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > _MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_command(command) for command in commands]


def _command(command: object) -> Json:
    match command:
        case {"command": str(name), "description": str(description)}:
            name = name.removeprefix("/")
        case _:
            raise bad_request('can\'t parse BotCommand: expected an Object with "command" and "description"')
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description.strip()) <= _MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def parse_scope(params: Params) -> Scope:
    """Return the scope of a call, the default one where it names none; whether its chat exists is not looked at.

    Raises ApiError for a scope that Telegram does not know or that lacks its chat or user.
    """
    match params.json("scope") or {"type": "default"}:
        case {"type": "default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators" as kind}:
            return Scope(kind)
        case {"type": "chat" | "chat_administrators" as kind, "chat_id": int(chat_id)}:
            return Scope(kind, chat_id)
        case {"type": "chat_member", "chat_id": int(chat_id), "user_id": int(user_id)}:
            return Scope("chat_member", chat_id, user_id)
        case _:
            raise bad_request("can't parse BotCommandScope: Unsupported type specified")


def parse_language(params: Params) -> str:
    """Return the language of a call, an empty string where it names none.

    Raises ApiError for anything but two small letters.
    """
    language = params.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language
