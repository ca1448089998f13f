"""All that the simulated Telegram remembers: people, groups, messages, taps and files."""

from collections import defaultdict
from datetime import datetime
from itertools import count

from prep_bot.simulation.api import ApiError, Json, bad_request
from prep_bot.simulation.commands import CommandMenus
from prep_bot.simulation.files import Files
from prep_bot.simulation.keyboard import keyboard_json
from prep_bot.simulation.messages import SimulatedMessage, Tap
from prep_bot.simulation.people import SimulatedBot, SimulatedChat, SimulatedGroup, SimulatedUser

# Ids as Telegram has them: some people's fit in 32 bits and some do not, groups are negative, supergroups far below.
_SMALL_USER_ID = 900_000_000
_LARGE_USER_ID = 7_000_000_000
_GROUP_ID = -4_000_000_000
_SUPERGROUP_ID = -1_002_000_000_000


class Store:
    """The memory; it checks only that what is looked up is there."""

    def __init__(self, bot: SimulatedBot) -> None:
        self.bot = bot
        self.users: dict[int, SimulatedUser] = {}
        self.groups: dict[int, SimulatedGroup] = {}
        self.messages: defaultdict[int, dict[int, SimulatedMessage]] = defaultdict(dict)
        self.pinned: dict[int, int] = {}
        self.taps: dict[str, Tap] = {}
        self.files = Files()
        self.menus = CommandMenus()
        self._upgraded: dict[int, int] = {}
        self._groups_made = count(1)
        self._message_ids = count(1)
        self._supergroup_message_ids: defaultdict[int, count[int]] = defaultdict(lambda: count(1))

    def add_user(self, name: str, language_code: str, username: str | None) -> SimulatedUser:
        """Make a person; the first one's id does not fit in 32 bits, the next one's does, and so on."""
        number = len(self.users) + 1
        user_id = (_LARGE_USER_ID if number % 2 else _SMALL_USER_ID) + number
        user = self.users[user_id] = SimulatedUser(user_id, name, language_code, username)
        return user

    def add_group(self, title: str) -> SimulatedGroup:
        """Make a basic group."""
        group_id = _GROUP_ID - next(self._groups_made)
        group = self.groups[group_id] = SimulatedGroup(group_id, title)
        return group

    def upgrade(self, group: SimulatedGroup) -> None:
        """Make a basic group a supergroup: it gets another id, and its messages stay behind."""
        self._upgraded[group.id] = _SUPERGROUP_ID - next(self._groups_made)
        del self.groups[group.id]
        group.id, group.supergroup = self._upgraded[group.id], True
        self.groups[group.id] = group

    def chat(self, chat_id: int) -> SimulatedChat:
        """Return the person or group of that id.

        Raises ApiError when there is none, or when the group has become a supergroup.
        """
        if chat_id in self._upgraded:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self._upgraded[chat_id],
            )
        chat = self.users.get(chat_id) or self.groups.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def next_message_id(self, chat: SimulatedChat) -> int:
        """Return an unused message id; each supergroup counts its own, all other chats share one count."""
        if isinstance(chat, SimulatedGroup) and chat.supergroup:
            return next(self._supergroup_message_ids[chat.id])
        return next(self._message_ids)

    def keep(self, message: SimulatedMessage) -> SimulatedMessage:
        """Put a message in its chat, in place of the one with its id."""
        self.messages[message.chat_id][message.id] = message
        return message

    def new_tap(self, user: SimulatedUser, message: SimulatedMessage, data: str, at: datetime) -> Tap:
        """Remember a tap under an id of its own."""
        tap_id = str(4_000_000_000_000_000_001 + len(self.taps))
        tap = self.taps[tap_id] = Tap(tap_id, user.id, message.chat_id, message.id, data, at)
        return tap

    def message_json(self, message: SimulatedMessage, *, nested: bool = False) -> Json:
        """Return the message as a Message of the Bot API; a nested one without what it replies to."""
        chat = self.chat(message.chat_id)
        sender = self.bot if message.user_id is None else self.users[message.user_id]
        body: Json = {
            "message_id": message.id,
            "from": sender.as_json(),
            "chat": chat.chat_json(),
            "date": int(message.at.timestamp()),
        }
        text, entities = ("caption", "caption_entities") if message.file else ("text", "entities")
        if message.text:
            body[text] = message.text
        if message.entities:
            body[entities] = list(message.entities)
        if message.file:
            body |= message.file.fields()
        if message.keyboard:
            body["reply_markup"] = keyboard_json(message.keyboard)
        if message.edited_at:
            body["edit_date"] = int(message.edited_at.timestamp())
        replied = self.messages[message.chat_id].get(message.reply_to or 0)
        if replied and not nested:
            body["reply_to_message"] = self.message_json(replied, nested=True)
        return body
