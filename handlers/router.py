"""Telegram's updates in, answers out."""

from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from telegram import Bot, CallbackQuery, Chat, Document, PhotoSize, Update, User
from telegram import Message as TelegramMessage
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import Application, CallbackQueryHandler, ChatMemberHandler, ContextTypes, MessageHandler, filters

from handlers import replies
from handlers.dispatch import Dispatcher, Place
from handlers.enrolment import Enrolment
from handlers.menus import Menus
from handlers.speech import read_command
from handlers.turn import File, FileTooBigError, Reply
from prep_bot.domain.announcement import Attachment
from prep_bot.i18n import speaking
from prep_bot.services.container import Services
from prep_bot.services.identity import Actor
from prep_bot.texts import help as texts
from prep_bot.texts.actions.action import Action, StaleActionError, decode
from prep_bot.texts.actions.convening import ChooseTold
from prep_bot.texts.actions.general import RunCommand
from prep_bot.texts.actions.people import AcceptPrivacy, DeleteContact, LinkGroup
from prep_bot.texts.message import Message, Upload

log = structlog.get_logger()

Context = ContextTypes.DEFAULT_TYPE
_LEFT = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})


class Router:
    """Takes updates in: each finds out who speaks and where, asks the dispatcher, and sends its reply."""

    def __init__(self, services: Services, enrolment: Enrolment, menus: Menus) -> None:
        self._services = services
        self._enrolment = enrolment
        self._menus = menus
        self._dispatch = Dispatcher(services)

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Say which updates go where; what is not named here is not even asked for."""
        message = filters.UpdateType.MESSAGE
        service = filters.StatusUpdate.ALL
        application.add_handlers(
            [
                MessageHandler(filters.StatusUpdate.MIGRATE, self.migrated),
                MessageHandler(filters.ChatType.PRIVATE & message & ~service, self.private),
                MessageHandler(filters.ChatType.GROUPS & message & filters.TEXT, self.group),
                CallbackQueryHandler(self.tapped),
                ChatMemberHandler(self.bot_status, ChatMemberHandler.MY_CHAT_MEMBER),
            ]
        )
        application.add_error_handler(self.failed)

    async def private(self, update: Update, context: Context) -> None:
        """Answer what somebody wrote in their own chat with the bot."""
        message, user = _spoken(update)
        written = message.text or message.caption or ""
        command = read_command(written)
        actor = await self._actor(user)
        if actor is not None and actor.unreachable:
            # The news that they unblocked the bot may have been lost while it was down.
            await self._services.reachability.regained(user.id)
        if command is not None and command.name == "start" and command.argument:
            reply = await self._enrolment.open(user.id, command.argument)
        elif actor is None:
            reply = self._enrolment.stranger(user.id)
            if reply is not None:
                # They may have been somebody here once: their menu goes too.
                await self._menus.for_person(user.id, None)
        else:
            place = Place(
                message.chat.id,
                context.bot.username,
                attachment=_attachment(message, context.bot),
                download=partial(_download, context.bot),
            )
            with speaking(actor.language):
                if command is not None:
                    reply = await self._dispatch.command(actor, place, command.name, command.argument)
                else:
                    reply = await self._dispatch.text(actor, place, written)
        await self._keep(actor, reply, await replies.send(context.bot, message.chat.id, reply))

    async def group(self, update: Update, context: Context) -> None:
        """Answer a command in the linked group; everything else that is said in a group is none of ours."""
        message, user = _spoken(update)
        command = read_command(message.text or "")
        if command is None or (command.addressed_to or context.bot.username).lower() != context.bot.username.lower():
            return
        actor = await self._actor(user)
        if actor is None:
            return
        place = await self._group_place(message.chat, context.bot.username)
        linked = await self._groups_of(actor) if command.name == "vincular" else set()
        with speaking(actor.language):
            reply = await self._dispatch.command(actor, place, command.name, command.argument)
        await replies.send(context.bot, message.chat.id, reply)
        if command.name == "vincular":
            await self._renew_group_menus(actor, linked, message.chat.id)

    async def tapped(self, update: Update, context: Context) -> None:
        """Do what a button asks for."""
        query = update.callback_query
        if query is None:
            return
        try:
            action = decode(query.data or "")
        except StaleActionError:
            known = await self._services.identity.of(query.from_user.id)
            await replies.answer(query, texts.stale() if known else None)
            return
        if query.message is None:
            await replies.acknowledge(query)
            return
        chat = query.message.chat
        if isinstance(action, AcceptPrivacy) and chat.type == ChatType.PRIVATE:
            await self._enrol(query, action)
            return
        actor = await self._actor(query.from_user)
        if actor is None:
            await replies.acknowledge(query)
            return
        place = await self._place(chat, context.bot.username)
        # What the bot began is what people were told: it stays as it was sent, and answers stand below it.
        told = await self._services.outbox.sent(actor.person_id, place.commission_id, query.message.message_id)
        place = replace(
            place, message_id=0 if told else query.message.message_id, download=partial(_download, context.bot)
        )
        linked = await self._groups_of(actor) if isinstance(action, LinkGroup) else set()
        with speaking(actor.language):
            reply = await self._dispatch.tap(actor, place, action)
            sent = await replies.answer(query, reply, anew=told or _below(action))
        await self._keep(actor, reply, sent)
        if isinstance(action, LinkGroup):
            await self._renew_group_menus(actor, linked, chat.id)
        elif isinstance(action, DeleteContact):
            await self._menus.renew(query.from_user.id)

    async def _enrol(self, query: CallbackQuery, action: AcceptPrivacy) -> None:
        await replies.answer(query, await self._enrolment.accept(query.from_user.id, action.code))
        await self._menus.renew(query.from_user.id)

    async def bot_status(self, update: Update, _: Context) -> None:
        """Notice that somebody blocked the bot or came back, and that it was removed from a group."""
        change = update.my_chat_member
        if change is None:
            return
        gone = change.new_chat_member.status in _LEFT
        if change.chat.type == ChatType.PRIVATE:
            if gone:
                await self._services.reachability.lost(change.chat.id, "blocked")
            else:
                await self._services.reachability.regained(change.chat.id)
        elif gone:
            await self._services.groups.unlink(change.chat.id)

    async def migrated(self, update: Update, _: Context) -> None:
        """Follow a group that became a supergroup: both chats tell it."""
        message = update.effective_message
        if message is None:
            return
        old = message.migrate_from_chat_id or message.chat.id
        new = message.migrate_to_chat_id or message.chat.id
        await self._services.groups.migrate(old, new)
        await self._menu_of_group(new)

    async def failed(self, update: object, context: Context) -> None:
        """Log what went wrong, by name, and say that it did to whoever waits."""
        error = context.error
        chat = update.effective_chat if isinstance(update, Update) else None
        if isinstance(error, Forbidden) and chat is not None and chat.type == ChatType.PRIVATE:
            await self._services.reachability.lost(chat.id, "blocked")
            return
        log.error("update.failed", update=getattr(update, "update_id", None), exc_info=error)
        if not isinstance(update, Update) or chat is None:
            return
        try:
            if update.callback_query is not None:
                await replies.acknowledge(update.callback_query, texts.trouble())
            elif chat.type == ChatType.PRIVATE:
                await replies.send(context.bot, chat.id, texts.trouble())
        except TelegramError:
            log.warning("update.unanswered", update=update.update_id)

    async def _keep(self, actor: Actor | None, reply: Reply, sent: TelegramMessage | None) -> None:
        """Keep what has to be known of the message that was sent: a board is kept up to date from now on; of a file
        that was uploaded, under which id Telegram has it, to send it again without. Whoever left gets another menu.
        """
        if actor is None or not isinstance(reply, Message):
            return
        if reply.menu_of is not None:
            await self._menus.of_member(reply.menu_of)
        if sent is None:
            return
        if reply.board is not None:
            await self._services.boards.watch(actor.person_id, reply.board, sent.message_id)
        upload = reply.document
        if isinstance(upload, Upload) and upload.sha256 and sent.document and sent.document.file_id != upload.file_id:
            await self._services.annexes.known_as(upload.sha256, sent.document.file_id)

    async def _actor(self, user: User) -> Actor | None:
        actor = await self._services.identity.of(user.id)
        if actor is not None:
            await self._menus.for_person(user.id, actor)
        return actor

    async def _place(self, chat: Chat, bot: str) -> Place:
        return Place(chat.id, bot) if chat.type == ChatType.PRIVATE else await self._group_place(chat, bot)

    async def _group_place(self, chat: Chat, bot: str) -> Place:
        linked = await self._services.groups.linked(chat.id)
        return Place(
            chat.id, bot, chat.title or "", in_group=True, commission_id=linked.commission_id if linked else None
        )

    async def _groups_of(self, actor: Actor) -> set[int]:
        """Return the groups that the person's commissions have linked."""
        found = [await self._services.groups.of(seat.commission_id) for seat in actor.seats]
        return {group.chat_id for group in found if group is not None}

    async def _renew_group_menus(self, actor: Actor, before: set[int], chat_id: int) -> None:
        """Give the group that may have been linked its menu, and take it from the one whose place it took."""
        for chat in before - await self._groups_of(actor):
            await self._menus.for_no_group(chat)
        await self._menu_of_group(chat_id)

    async def _menu_of_group(self, chat_id: int) -> None:
        if await self._services.groups.linked(chat_id) is not None:
            await self._menus.for_group(chat_id)


def _spoken(update: Update) -> tuple[TelegramMessage, User]:
    message, user = update.effective_message, update.effective_user
    if message is None or user is None:
        raise LookupError("the filters let only messages of people through")
    return message, user


def _attachment(message: TelegramMessage, bot: Bot) -> File | None:
    sent: Document | PhotoSize
    if message.document is not None:
        sent, kind, name = message.document, Attachment.DOCUMENT, message.document.file_name or ""
        media_type = message.document.mime_type or ""
    elif message.photo:
        sent, kind, name, media_type = message.photo[-1], Attachment.PHOTO, "", "image/jpeg"
    else:
        return None
    fetch = partial(_download, bot, sent.file_id)
    return File(sent.file_id, kind, name, sent.file_size or 0, media_type, fetch)


async def _download(bot: Bot, file_id: str) -> bytes:
    try:
        file = await bot.get_file(file_id)
    except BadRequest as error:
        if "too big" in error.message.lower():
            raise FileTooBigError from None
        raise
    return bytes(await file.download_as_bytearray())


def _below(action: Action) -> bool:
    """A command's answer stands below the message that offered it; a choice among commissions is replaced.

    Questions stand below the board of a convocation too, which goes on being drawn in its place.
    """
    return isinstance(action, ChooseTold) or (isinstance(action, RunCommand) and not action.commission)
