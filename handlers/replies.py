"""Answering somebody who waits: these messages go direct, not through the outbox."""

from prep_bot.gateway import keyboard
from telegram import Bot, CallbackQuery, LinkPreviewOptions
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest

from handlers.turn import Reply
from prep_bot.texts.message import Message, Toast

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def send(bot: Bot, chat_id: int, reply: Reply) -> None:
    """Send a new message to a chat. A toast has no place there and becomes one."""
    if isinstance(reply, Toast):
        reply = Message(reply.text)
    if reply is None:
        return
    if reply.photo is not None:
        await bot.send_photo(
            chat_id, reply.photo, caption=reply.text, parse_mode=ParseMode.HTML, reply_markup=keyboard(reply)
        )
        return
    await bot.send_message(
        chat_id,
        reply.text,
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(reply),
        link_preview_options=_NO_PREVIEW,
    )


async def answer(query: CallbackQuery, reply: Reply, *, anew: bool = False) -> None:
    """Answer a button: put `reply` in the place of the message, or (`anew`) below it; a toast, over the chat."""
    if isinstance(reply, Toast):
        await acknowledge(query, reply)
        return
    if reply is not None:
        shown = query.message
        if anew or reply.photo is not None or not isinstance(shown, TelegramMessage) or shown.photo:
            await send(query.get_bot(), shown.chat.id if shown else query.from_user.id, reply)
        else:
            await _edit(query, reply)
    await acknowledge(query)


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
