"""The people's side of the simulated Telegram: what they do there and what they see."""

from dataclasses import replace
from typing import Any

from prep_bot.clock import Clock
from prep_bot.simulation.api import ApiError, Json, Upload
from prep_bot.simulation.files import Kind
from prep_bot.simulation.markup import COMMAND, commands, escaped
from prep_bot.simulation.messages import LogEntry, SimulatedMessage, Tap
from prep_bot.simulation.people import (
    SimulatedBot,
    SimulatedChat,
    SimulatedGroup,
    SimulatedUser,
    Status,
    member_json,
)
from prep_bot.simulation.store import Store
from prep_bot.simulation.updates import Updates


class Impossible(AssertionError):  # noqa: N818 -- it says that a test or a script errs, not the program
    """Something that no person can do in Telegram as things stand."""


class NoSuchButton(Impossible):
    """The message shows no such button now."""


class Scene:
    """People, groups and their chats with one bot. What people do is queued for the bot as the Bot API sends it."""

    def __init__(self, clock: Clock, bot: SimulatedBot) -> None:
        self.log: list[LogEntry] = []
        self._clock = clock
        self._store = Store(bot)
        self._updates = Updates()

    def user(self, name: str, *, language_code: str = "es", username: str | None = None) -> SimulatedUser:
        """Return a new person, who has never written to the bot."""
        return self._store.add_user(name, language_code, username)

    def group(self, title: str) -> SimulatedGroup:
        """Return a new, empty basic group without the bot."""
        return self._store.add_group(title)

    # What people do

    def says(
        self,
        user: SimulatedUser,
        text: str,
        chat: SimulatedGroup | None = None,
        reply_to: SimulatedMessage | None = None,
    ) -> SimulatedMessage:
        """Let the person write to the bot, or in a group.

        Raises Impossible when they cannot write there.
        """
        return self._write(user, chat, text, reply_to=reply_to)

    def sends_document(
        self,
        user: SimulatedUser,
        file_name: str,
        data: bytes,
        mime_type: str = "application/octet-stream",
        caption: str = "",
        chat: SimulatedGroup | None = None,
    ) -> SimulatedMessage:
        """Let the person send a file to the bot, or to a group; raises Impossible when they cannot write there."""
        return self._write(user, chat, caption, file=("document", Upload(file_name, data, mime_type)))

    def sends_photo(
        self, user: SimulatedUser, data: bytes, caption: str = "", chat: SimulatedGroup | None = None
    ) -> SimulatedMessage:
        """Let the person send a PNG or JPEG picture; raises Impossible when they cannot write there."""
        return self._write(user, chat, caption, file=("photo", Upload("photo.jpg", data, "image/jpeg")))

    def edits(self, user: SimulatedUser, message: SimulatedMessage, text: str) -> SimulatedMessage:
        """Let the person change a message of theirs.

        Raises Impossible for any other message.
        """
        current = self._current(message)
        if current is None or current.user_id != user.id:
            raise Impossible(f"{user.name} has no such message to edit")
        entities = tuple(commands(text))
        now = self._clock.now()
        edited = replace(current, text=text, html=escaped(text), entities=entities, edited_at=now)
        return self._deliver(user, self._store.keep(edited), "edited_message")

    def taps(self, user: SimulatedUser, message: SimulatedMessage, label_or_data: str) -> Tap:
        """Let the person tap a button that the message shows now.

        Raises NoSuchButton when it shows none with that label or data, Impossible when they do not see the message.
        """
        current = self._current(message)
        button = current and current.button(label_or_data)
        if not button or button.data is None:
            shown = current.buttons if current else "the message is gone"
            raise NoSuchButton(f"{label_or_data!r} cannot be tapped: {shown}")
        return self._tap(user, message, button.data, button.label)

    def taps_data(self, user: SimulatedUser, message: SimulatedMessage, data: str) -> Tap:
        """Let the person send callback data that the message need not show: of an old button, or forged.

        Raises Impossible when they do not see the message's chat.
        """
        return self._tap(user, message, data, data)

    def _tap(self, user: SimulatedUser, message: SimulatedMessage, data: str, label: str) -> Tap:
        chat = self._chat(message.chat_id)
        if chat is not user and not (isinstance(chat, SimulatedGroup) and user.id in chat.members):
            raise Impossible(f"{user.name} does not see that message")
        tap = self._store.new_tap(user, message, data, self._clock.now())
        current = self._current(message)
        gone = {"chat": chat.chat_json(), "message_id": message.id, "date": 0}
        query = {
            "id": tap.id,
            "from": user.as_json(),
            "message": self._store.message_json(current) if current else gone,
            "chat_instance": str(chat.id),
            "data": data,
        }
        self._updates.add("callback_query", query)
        self._note("callback_query", chat, user, label, message_id=message.id, data=data)
        return tap

    def blocks(self, user: SimulatedUser) -> None:
        """Let the person block the bot."""
        user.blocked = True
        self._bot_becomes("kicked", user, user, before="member")

    def unblocks(self, user: SimulatedUser) -> None:
        """Let the person unblock the bot."""
        user.blocked = False
        self._bot_becomes("member", user, user, before="kicked")

    def add_bot(self, group: SimulatedGroup, by: SimulatedUser) -> None:
        """Let the person bring the bot into the group."""
        before, group.bot = group.bot or "left", "member"
        self._bot_becomes("member", group, by, before=before)
        self._service(group, group.chat_json(), by, {"new_chat_members": [self._store.bot.as_json()]})

    def removes_bot(self, group: SimulatedGroup) -> None:
        """Let the group's creator, or somebody else where it has none, throw the bot out."""
        group.bot = "kicked"
        self._bot_becomes("kicked", group, self._owner(group), before="member")

    def migrates(self, group: SimulatedGroup) -> None:
        """Let the group become a supergroup: its id changes, and Telegram refuses the old one from then on."""
        owner, old = self._owner(group), group.chat_json()
        self._store.upgrade(group)
        self._service(group, old, owner, {"migrate_to_chat_id": group.id})
        self._service(group, group.chat_json(), owner, {"migrate_from_chat_id": old["id"]})

    # What people see

    def messages(self, chat: SimulatedChat) -> list[SimulatedMessage]:
        """Return what stands in the chat now, the oldest first."""
        return list(self._store.messages[chat.id].values())

    def last(self, chat: SimulatedChat) -> SimulatedMessage:
        """Return the newest message of the chat.

        Raises Impossible when it is empty.
        """
        if not (messages := self.messages(chat)):
            raise Impossible("nothing was written in that chat")
        return messages[-1]

    def pinned(self, chat: SimulatedChat) -> SimulatedMessage | None:
        """Return the pinned message of the chat, None where there is none."""
        return self._store.messages[chat.id].get(self._store.pinned.get(chat.id, 0))

    def menu(self, user: SimulatedUser, chat: SimulatedGroup | None = None) -> list[str]:
        """Return the commands that the person sees in the bot's menu, there or in the group."""
        return [command["command"] for command in self._store.menus.seen(user, chat or user)]

    # How it comes about

    def _chat(self, chat_id: int) -> SimulatedChat:
        try:
            return self._store.chat(chat_id)
        except ApiError as error:
            raise Impossible(error.description) from None

    def _current(self, message: SimulatedMessage) -> SimulatedMessage | None:
        return self._store.messages[message.chat_id].get(message.id)

    def _owner(self, group: SimulatedGroup) -> SimulatedUser:
        creators = (member for member, status in group.members.items() if status == "creator")
        return self._store.users[next(creators, next(iter(group.members)))]

    def _write(
        self,
        user: SimulatedUser,
        group: SimulatedGroup | None,
        text: str,
        *,
        reply_to: SimulatedMessage | None = None,
        file: tuple[Kind, Upload] | None = None,
    ) -> SimulatedMessage:
        if group is None:
            if user.blocked:
                raise Impossible(f"{user.name} has blocked the bot")
            user.started = True
        elif user.id not in group.members:
            raise Impossible(f"{user.name} is not in {group.title}")
        chat = group or user
        message = SimulatedMessage(
            id=self._store.next_message_id(chat),
            chat_id=chat.id,
            user_id=user.id,
            at=self._clock.now(),
            text=text,
            html=escaped(text),
            entities=tuple(commands(text)),
            file=self._store.files.keep(*file) if file else None,
            reply_to=None if reply_to is None else reply_to.id,
        )
        return self._deliver(user, self._store.keep(message), "message")

    def _deliver(self, user: SimulatedUser, message: SimulatedMessage, kind: str) -> SimulatedMessage:
        chat = self._chat(message.chat_id)
        heard = not isinstance(chat, SimulatedGroup) or self._hears(chat, message)
        if heard:
            self._updates.add(kind, self._store.message_json(message))
        file_name = message.file.name if message.file else None
        self._note(kind, chat, user, message.text, message_id=message.id, file_name=file_name, accepted=heard)
        return message

    def _hears(self, group: SimulatedGroup, message: SimulatedMessage) -> bool:
        """Tell whether a message in a group reaches the bot: in privacy mode, only what is meant for it."""
        if group.bot != "member":
            return False
        to_any_bot = any("@" not in command for command in COMMAND.findall(message.text))
        to_this_one = f"@{self._store.bot.username}".lower() in message.text.lower()
        replied = self._store.messages[group.id].get(message.reply_to or 0)
        return to_any_bot or to_this_one or (replied is not None and replied.user_id is None)

    def _service(self, group: SimulatedGroup, chat_json: Json, by: SimulatedUser, fields: Json) -> None:
        if group.bot != "member":
            return
        message_id = self._store.next_message_id(group)
        date = int(self._clock.now().timestamp())
        message = {"message_id": message_id, "from": by.as_json(), "chat": chat_json, "date": date, **fields}
        self._updates.add("message", message)

    def _bot_becomes(self, status: Status, chat: SimulatedChat, by: SimulatedUser, *, before: Status) -> None:
        bot = self._store.bot.as_json()
        change = {
            "chat": chat.chat_json(),
            "from": by.as_json(),
            "date": int(self._clock.now().timestamp()),
            "old_chat_member": member_json(bot, before),
            "new_chat_member": member_json(bot, status),
        }
        self._updates.add("my_chat_member", change)
        self._note("my_chat_member", chat, by, status)

    def _note(self, kind: str, chat: SimulatedChat, user: SimulatedUser, text: str, **details: Any) -> None:
        self.log.append(
            LogEntry(
                at=self._clock.now(),
                direction="in",
                method=kind,
                chat_id=chat.id,
                user_id=user.id,
                text=text,
                html=escaped(text),
                **details,
            )
        )
