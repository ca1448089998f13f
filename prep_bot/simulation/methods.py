"""What the bot may ask of Telegram: the methods of the Bot API, each as strict as the real one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from prep_bot.clock import Clock
from prep_bot.simulation.api import ApiError, Json, Params, bad_request
from prep_bot.simulation.commands import Scope, parse_commands, parse_language, parse_scope
from prep_bot.simulation.content import Content, caption_of, text_of
from prep_bot.simulation.files import Kind, StoredFile
from prep_bot.simulation.keyboard import Keyboard, parse_keyboard
from prep_bot.simulation.limits import FloodControl
from prep_bot.simulation.markup import utf16_length
from prep_bot.simulation.messages import SimulatedMessage, TapAnswer
from prep_bot.simulation.people import SimulatedChat, SimulatedGroup, member_json
from prep_bot.simulation.store import Store
from prep_bot.simulation.updates import Updates

_MAX_TAP_ANSWER = 200
_TAP_LIFETIME = timedelta(seconds=15)  # nowhere documented; bots see their answers refused from about there on
_DELETABLE = timedelta(hours=48)


class Methods:
    """The Bot API's methods, without the poll for updates, which waits."""

    def __init__(self, store: Store, updates: Updates, flood: FloodControl, clock: Clock) -> None:
        self._store = store
        self._updates = updates
        self._flood = flood
        self._clock = clock

    def carry_out(self, method: str, params: Params) -> Any:
        """Return the result: a message, or what the Bot API gives as JSON.

        Raises ApiError when Telegram would refuse the call.
        """
        if method not in _METHODS:
            raise ApiError(404, "Not Found")
        return _METHODS[method](self, params)

    def _get_me(self, _: Params) -> Json:
        return {
            **self._store.bot.as_json(),
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def _delete_webhook(self, params: Params) -> bool:
        if params.flag("drop_pending_updates"):
            self._updates.take()
        return True

    def _get_webhook_info(self, _: Params) -> Json:
        return {"url": "", "has_custom_certificate": False, "pending_update_count": len(self._updates)}

    # Messages

    def _send_message(self, params: Params) -> SimulatedMessage:
        chat = self._writable(params)
        return self._send(params, chat, text_of(params))

    def _send_document(self, params: Params) -> SimulatedMessage:
        return self._send_file(params, "document")

    def _send_photo(self, params: Params) -> SimulatedMessage:
        return self._send_file(params, "photo")

    def _send_file(self, params: Params, kind: Kind) -> SimulatedMessage:
        chat = self._writable(params)
        caption = caption_of(params)
        upload = params.file(kind)
        file = self._store.files.keep(kind, upload) if upload else self._store.files.by_id(params.text(kind))
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if file.kind != kind:
            raise bad_request(f"type of file mismatch: can't use file of type {file.kind} as {kind}")
        return self._send(params, chat, caption, file)

    def _send(
        self, params: Params, chat: SimulatedChat, content: Content, file: StoredFile | None = None
    ) -> SimulatedMessage:
        keyboard = parse_keyboard(params.json("reply_markup"))
        reply_to = self._replied(params, chat)
        now = self._clock.now()
        self._flood.admit(chat.id, now)
        return self._store.keep(
            SimulatedMessage(
                id=self._store.next_message_id(chat),
                chat_id=chat.id,
                user_id=None,
                at=now,
                text=content.text,
                html=content.html,
                entities=content.entities,
                keyboard=keyboard,
                file=file,
                reply_to=reply_to,
            )
        )

    def _replied(self, params: Params, chat: SimulatedChat) -> int | None:
        match params.json("reply_parameters"):
            case None:
                return None
            case {"message_id": int(message_id), **rest}:
                if message_id in self._store.messages[chat.id]:
                    return message_id
                if rest.get("allow_sending_without_reply"):
                    return None
        raise bad_request("message to be replied not found")

    def _edit_message_text(self, params: Params) -> SimulatedMessage:
        message = self._own_message(params)
        if message.file:
            raise bad_request("there is no text in the message to edit")
        return self._edit(message, text_of(params), parse_keyboard(params.json("reply_markup")))

    def _edit_message_reply_markup(self, params: Params) -> SimulatedMessage:
        message = self._own_message(params)
        content = Content(message.text, message.html, message.entities)
        return self._edit(message, content, parse_keyboard(params.json("reply_markup")))

    def _edit(self, message: SimulatedMessage, content: Content, keyboard: Keyboard) -> SimulatedMessage:
        new = (content.text, content.entities, keyboard)
        if new == (message.text, message.entities, message.keyboard):
            raise bad_request(
                "message is not modified: specified new message content and reply markup "
                "are exactly the same as a current content and reply markup of the message"
            )
        return self._store.keep(
            replace(
                message,
                text=content.text,
                html=content.html,
                entities=content.entities,
                keyboard=keyboard,
                edited_at=self._clock.now(),
            )
        )

    def _own_message(self, params: Params) -> SimulatedMessage:
        message = self._message(params, "edit")
        if message.user_id is not None:
            raise bad_request("message can't be edited")
        return message

    def _delete_message(self, params: Params) -> bool:
        message = self._message(params, "delete")
        if message.user_id is not None and message.chat_id < 0:
            raise bad_request("message can't be deleted")
        if self._clock.now() - message.at > _DELETABLE:
            raise bad_request("message can't be deleted for everyone")
        del self._store.messages[message.chat_id][message.id]
        return True

    def _pin_chat_message(self, params: Params) -> bool:
        message = self._message(params, "pin")
        self._store.pinned[message.chat_id] = message.id
        return True

    def _send_chat_action(self, params: Params) -> bool:
        self._writable(params)
        return True

    def _answer_callback_query(self, params: Params) -> bool:
        tap = self._store.taps.get(params.text("callback_query_id"))
        if tap is None or tap.answer or self._clock.now() - tap.at > _TAP_LIFETIME:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        text = params.text("text")
        if utf16_length(text) > _MAX_TAP_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        tap.answer = TapAnswer(text, params.flag("show_alert"))
        return True

    def _get_file(self, params: Params) -> Json:
        if (file := self._store.files.by_id(params.text("file_id"))) is None:
            raise bad_request("invalid file_id")
        return file.as_json()

    # Menus

    def _set_my_commands(self, params: Params) -> bool:
        self._store.menus.set(self._scope(params), parse_language(params), parse_commands(params))
        return True

    def _delete_my_commands(self, params: Params) -> bool:
        self._store.menus.set(self._scope(params), parse_language(params), [])
        return True

    def _get_my_commands(self, params: Params) -> list[Json]:
        return self._store.menus.get(self._scope(params), parse_language(params))

    def _scope(self, params: Params) -> Scope:
        scope = parse_scope(params)
        if scope.chat_id:
            chat = self._store.chat(scope.chat_id)
            if isinstance(chat, SimulatedGroup):
                chat.check_writable()
            elif not chat.started:
                raise bad_request("chat not found")
            elif scope.kind != "chat":
                raise bad_request("can't use specified scope in private chats")
        return scope

    # Chats

    def _get_chat(self, params: Params) -> Json:
        chat = self._store.chat(params.integer("chat_id"))
        return {
            **chat.chat_json(),
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(
                ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
                False,
            ),
        }

    def _get_chat_member(self, params: Params) -> Json:
        group = self._group(params)
        user_id = params.integer("user_id")
        if user_id == self._store.bot.id:
            return member_json(self._store.bot.as_json(), group.bot or "left")
        if user_id not in self._store.users:
            raise bad_request("user not found")
        return member_json(self._store.users[user_id].as_json(), group.members.get(user_id, "left"))

    def _leave_chat(self, params: Params) -> bool:
        group = self._group(params)
        bot = self._store.bot.as_json()
        self._updates.add(
            "my_chat_member",
            {
                "chat": group.chat_json(),
                "from": bot,
                "date": int(self._clock.now().timestamp()),
                "old_chat_member": member_json(bot, "member"),
                "new_chat_member": member_json(bot, "left"),
            },
        )
        group.bot = "left"
        return True

    def _group(self, params: Params) -> SimulatedGroup:
        group = self._writable(params)
        if not isinstance(group, SimulatedGroup):
            raise bad_request("chat member status can't be changed in private chats")
        return group

    # What the methods share

    def _writable(self, params: Params) -> SimulatedChat:
        if not params.text("chat_id"):
            raise bad_request("chat_id is empty")
        chat = self._store.chat(params.integer("chat_id"))
        chat.check_writable()
        return chat

    def _message(self, params: Params, purpose: str) -> SimulatedMessage:
        chat = self._writable(params)
        if not params.text("message_id"):
            raise bad_request("message identifier is not specified")
        message = self._store.messages[chat.id].get(params.integer("message_id"))
        if message is None:
            raise bad_request(f"message to {purpose} not found")
        return message


_METHODS: dict[str, Callable[[Methods, Params], Any]] = {
    "getMe": Methods._get_me,
    "deleteWebhook": Methods._delete_webhook,
    "getWebhookInfo": Methods._get_webhook_info,
    "sendMessage": Methods._send_message,
    "sendDocument": Methods._send_document,
    "sendPhoto": Methods._send_photo,
    "editMessageText": Methods._edit_message_text,
    "editMessageReplyMarkup": Methods._edit_message_reply_markup,
    "deleteMessage": Methods._delete_message,
    "pinChatMessage": Methods._pin_chat_message,
    "sendChatAction": Methods._send_chat_action,
    "answerCallbackQuery": Methods._answer_callback_query,
    "getFile": Methods._get_file,
    "setMyCommands": Methods._set_my_commands,
    "deleteMyCommands": Methods._delete_my_commands,
    "getMyCommands": Methods._get_my_commands,
    "getChat": Methods._get_chat,
    "getChatMember": Methods._get_chat_member,
    "leaveChat": Methods._leave_chat,
}
