"""The one place that sends what the bot starts: a message in, an outcome out."""

import textwrap
from datetime import timedelta
from typing import Any

import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from prep_bot.domain.delivery import (
    Accepted,
    Migrated,
    NotDelivered,
    Outcome,
    Refused,
    Uncertain,
    Unreachability,
    Unreachable,
)
from prep_bot.pace import BACKGROUND
from prep_bot.texts.message import Message, Upload
from prep_bot.transport import NotSent

# What Telegram says of a chat that cannot be written to, whether as "Forbidden" or as "Bad Request".
_UNREACHABLE = {
    "blocked by the user": Unreachability.BLOCKED,
    "deactivated": Unreachability.DEACTIVATED,
    "chat was deleted": Unreachability.DEACTIVATED,
    "chat not found": Unreachability.CHAT_NOT_FOUND,
    "user not found": Unreachability.CHAT_NOT_FOUND,
    "peer_id_invalid": Unreachability.CHAT_NOT_FOUND,
    "can't initiate conversation": Unreachability.NEVER_STARTED,
    "was kicked": Unreachability.KICKED,
    "not a member": Unreachability.KICKED,
}

# What it says of the id of a file that it does not know: that of another bot, or one that it has forgotten.
_FILE_UNKNOWN = ("wrong file identifier", "wrong remote file", "file reference", "type of file mismatch")

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Gateway:
    """Sends through a bot whose rate limiter is a `prep_bot.pace.Pace`, always behind the replies.

    Nothing that Telegram or the network does raises here: it is an outcome.
    """

    def __init__(self, bot: ExtBot[Any]) -> None:
        self._bot = bot

    async def send(self, chat_id: int, message: Message) -> Outcome:
        """Send the message to the chat; return what became of it."""
        try:
            sent = await send(self._bot, chat_id, message, rate_limit_args=BACKGROUND)
        except TelegramError as error:
            return _outcome(error)
        return Accepted(sent.message_id)

    async def edit(self, chat_id: int, message_id: int, message: Message) -> Outcome:
        """Let the message, which has no photo, take the place of one that was sent; return what became of that."""
        try:
            await self._bot.edit_message_text(
                message.text,
                chat_id,
                message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=keyboard(message),
            )
        except BadRequest as error:
            if "message is not modified" not in str(error).lower():
                return _outcome(error)
        except TelegramError as error:
            return _outcome(error)
        return Accepted(message_id)


async def send(bot: telegram.Bot, chat_id: int, message: Message, **options: Any) -> telegram.Message:
    """Send the message by the method that its file, if it has one, asks for; `options` go to the library."""
    options |= {"parse_mode": ParseMode.HTML, "reply_markup": keyboard(message)}
    if message.photo is not None:
        return await bot.send_photo(chat_id, message.photo, caption=message.text, **options)
    if message.document is not None:
        return await _send_document(bot, chat_id, message.document, caption=message.text, **options)
    return await bot.send_message(chat_id, message.text, link_preview_options=_NO_PREVIEW, **options)


async def _send_document(bot: telegram.Bot, chat_id: int, document: Upload | str, **options: Any) -> telegram.Message:
    """Send a document under the id that Telegram has for it; where it has none (any more), with its content."""
    if isinstance(document, str):
        return await bot.send_document(chat_id, document, **options)
    if document.file_id is not None:
        try:
            return await bot.send_document(chat_id, document.file_id, **options)
        except BadRequest as error:
            if not any(words in error.message.lower() for words in _FILE_UNKNOWN):
                raise
    return await bot.send_document(chat_id, InputFile(document.content, document.name), **options)


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """Return the message's buttons in the library's terms, None when it has none."""
    rows = [
        [InlineKeyboardButton(button.label, callback_data=button.action, url=button.url) for button in row]
        for row in message.buttons
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def _outcome(error: TelegramError) -> Outcome:
    """Tell what an error means for the message. The order matters: BadRequest and NotSent are NetworkErrors."""
    reason = textwrap.shorten(str(error), 120, placeholder="…")
    match error:
        case RetryAfter(retry_after=after):
            return NotDelivered(reason, after if isinstance(after, timedelta) else timedelta(seconds=after))
        case NotSent() | InvalidToken():
            return NotDelivered(reason)
        case ChatMigrated(new_chat_id=chat_id):
            return Migrated(chat_id)
        case Forbidden() | BadRequest():
            for words, unreachability in _UNREACHABLE.items():
                if words in str(error).lower():
                    return Unreachable(unreachability)
            return Unreachable(Unreachability.FORBIDDEN) if isinstance(error, Forbidden) else Refused(reason)
        case _:
            # A time-out, a broken connection, a 5xx or an answer that is no JSON: it may have been carried out.
            return Uncertain(reason)
