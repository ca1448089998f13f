"""Answering somebody who waits: these messages go direct, not through the outbox."""

from typing import TypeGuard

import structlog
from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MaybeInaccessibleMessage,
)
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError

from handlers.turn import Reply
from prep_bot import gateway
from prep_bot.gateway import keyboard
from prep_bot.texts.message import CHOSEN, Choice, Message, Seal, Toast

log = structlog.get_logger()

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def send(bot: Bot, chat_id: int, reply: Reply) -> TelegramMessage | None:
    """Send a new message to a chat, and return it. A toast has no place there and becomes one."""
    if isinstance(reply, Toast):
        reply = Message(reply.text)
    if not isinstance(reply, Message):
        return None
    try:
        return await gateway.send(bot, chat_id, reply)
    except ChatMigrated as grown:
        # The group became a supergroup meanwhile; the update that says so comes after the one that is answered here.
        return await gateway.send(bot, grown.new_chat_id, reply)


async def answer(query: CallbackQuery, reply: Reply, *, anew: bool = False) -> TelegramMessage | None:
    """Answer a button: put `reply` in the place of the message, or (`anew`) below it; a toast, over the chat.

    Return the message that was sent, if one was.
    """
    sent = None
    shown = query.message
    if isinstance(reply, Seal) and not _stands(shown):
        reply = Toast(reply.line)
    if isinstance(reply, Choice):
        if _stands(shown):
            await _mark(query, shown, reply)
        reply, anew = reply.reply, True
    if isinstance(reply, Toast):
        await acknowledge(query, reply)
        return None
    if isinstance(reply, Seal):
        await _seal(query, reply)
    elif reply is not None:
        with_file = reply.photo is not None or reply.document is not None
        if anew or with_file or not _stands(shown) or shown.photo or shown.document:
            sent = await send(query.get_bot(), shown.chat.id if shown else query.from_user.id, reply)
        else:
            await _edit(query, reply)
    try:
        await acknowledge(query)
    except TelegramError as error:
        # The answer itself is there: only the waiting sign stays a little longer.
        log.warning("tap.unacknowledged", reason=type(error).__name__)
    return sent


def _stands(shown: MaybeInaccessibleMessage | None) -> TypeGuard[TelegramMessage]:
    """Tell whether the message is still there: the library gives one that is gone as any other, without a date."""
    return isinstance(shown, TelegramMessage) and shown.is_accessible


async def _seal(query: CallbackQuery, seal: Seal) -> None:
    """Add the seal's line to the message and take its button away; the words that were sent stay."""
    shown = query.message
    if not isinstance(shown, TelegramMessage):
        return
    rows = shown.reply_markup.inline_keyboard if shown.reply_markup else ()
    gone = (seal.action, *seal.also)
    left = [[button for button in row if button.callback_data not in gone] for row in rows]
    # Telegram refuses a keyboard without buttons; no keyboard takes away the one that was there.
    markup = InlineKeyboardMarkup([row for row in left if row]) if any(left) else None
    try:
        if shown.text is not None:
            await query.edit_message_text(
                f"{shown.text_html}\n\n{seal.line}",
                parse_mode=ParseMode.HTML,
                reply_markup=markup,
                link_preview_options=_NO_PREVIEW,
            )
        else:
            await query.edit_message_reply_markup(markup)
    except BadRequest as error:
        if "message is not modified" not in error.message.lower():
            raise


async def _mark(query: CallbackQuery, shown: TelegramMessage, choice: Choice) -> None:
    """Mark the button that was chosen, instead of the others; the words that were sent stay."""

    def marked(button: InlineKeyboardButton) -> InlineKeyboardButton:
        if button.callback_data != choice.action and button.callback_data not in choice.others:
            return button
        mark = CHOSEN if button.callback_data == choice.action else ""
        return InlineKeyboardButton(mark + button.text.removeprefix(CHOSEN), callback_data=button.callback_data)

    rows = shown.reply_markup.inline_keyboard if shown.reply_markup else ()
    if not any(button.callback_data == choice.action for row in rows for button in row):
        return
    try:
        await query.edit_message_reply_markup(
            InlineKeyboardMarkup([[marked(button) for button in row] for row in rows])
        )
    except BadRequest as error:
        if "message is not modified" not in error.message.lower():
            raise


async def acknowledge(query: CallbackQuery, toast: Toast | None = None) -> None:
    """Stop the button's waiting sign, with a toast if there is one; after an outage it is too late for that."""
    try:
        await query.answer(toast.plain if toast else None, show_alert=toast is not None)
    except BadRequest as error:
        if "query is too old" not in error.message.lower():
            raise


async def _edit(query: CallbackQuery, reply: Message) -> None:
    try:
        await query.edit_message_text(
            reply.text,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(reply),
            link_preview_options=_NO_PREVIEW,
        )
    except BadRequest as error:
        # Two taps on one button: the second finds the message as it wants it.
        if "message is not modified" not in error.message.lower():
            raise
