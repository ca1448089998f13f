"""The simulated Telegram as the Telegram library sees it: everything here goes through the library's own Bot."""

import asyncio
import json
import re
import struct
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telegram import Bot as LibraryBot
from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MaybeInaccessibleMessage,
    Message,
    ReplyParameters,
    TelegramObject,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from prep_bot.simulation.clock import ManualClock
from prep_bot.simulation.faults import ConnectionRefused, FloodWait, MalformedBody, ServerError, TimeOut
from prep_bot.simulation.markup import escaped
from prep_bot.simulation.messages import TapAnswer
from prep_bot.simulation.people import SimulatedGroup, SimulatedUser
from prep_bot.simulation.request import SimulatedRequest
from prep_bot.simulation.scene import Impossible, NoSuchButton
from prep_bot.simulation.telegram import SimulatedTelegram
from prep_bot.simulation.updates import Updates
from prep_bot.transport import NotSent

START = datetime(2021, 11, 11, 18, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 640, 480)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def simulated(clock: ManualClock) -> SimulatedTelegram:
    return SimulatedTelegram(clock)


@pytest.fixture
async def bot(simulated: SimulatedTelegram) -> AsyncIterator[LibraryBot]:
    async with bot_of(simulated) as running:
        yield running


@pytest.fixture(autouse=True)
def _durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library give durations as such: as numbers they are deprecated."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def ana(simulated: SimulatedTelegram) -> SimulatedUser:
    """Someone who has pressed «Iniciar», whose update the bot has taken."""
    user = simulated.user("Ana")
    simulated.says(user, "/start")
    simulated.take_updates()
    return user


@pytest.fixture
def group(simulated: SimulatedTelegram, ana: SimulatedUser) -> SimulatedGroup:
    """A group that Ana created, with the bot in it."""
    made = simulated.group("Comisión PREP")
    made.add(ana, creator=True)
    simulated.add_bot(made, by=ana)
    simulated.take_updates()
    return made


def bot_of(simulated: SimulatedTelegram, token: str | None = None) -> LibraryBot:
    request, updates_request = SimulatedRequest(simulated), SimulatedRequest(simulated)
    return LibraryBot(token or simulated.token, request=request, get_updates_request=updates_request)


def refused(error: str) -> Any:
    """Expect the refusal of a call; the library changes the case of Telegram's words."""
    return pytest.raises(BadRequest, match=f"(?i){re.escape(error)}")


def keyboard(*rows: dict[str, str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row.items()] for row in rows]
    )


def updates_of(simulated: SimulatedTelegram, bot: LibraryBot) -> list[Update]:
    return [Update.de_json(update, bot) for update in simulated.take_updates()]


def only(updates: list[Update]) -> Update:
    assert len(updates) == 1
    return updates[0]


def unknown_fields(thing: object) -> dict[str, Any]:
    """Return what the library did not recognise in an object, at any depth."""
    if isinstance(thing, list | tuple):
        return {name: value for each in thing for name, value in unknown_fields(each).items()}
    if not isinstance(thing, TelegramObject):
        return {}
    found = dict(thing.api_kwargs)
    for name in thing.__slots__:
        if not name.startswith("_"):
            found |= unknown_fields(getattr(thing, name))
    return found


class TestIdentity:
    async def test_the_bot_introduces_itself(self, bot: LibraryBot) -> None:
        me = await bot.get_me()
        assert (me.id, me.username, me.is_bot) == (123456, "prep_prueba_bot", True)
        assert not me.can_read_all_group_messages
        assert not unknown_fields(me)

    async def test_a_wrong_token_is_refused(self, simulated: SimulatedTelegram, ana: SimulatedUser) -> None:
        with pytest.raises(InvalidToken, match="Unauthorized"):
            await bot_of(simulated, "123456:WRONG").send_message(ana.id, "x")
        assert (await simulated.call("123456:WRONG", "getMe", {})).status == 401
        assert simulated.messages(ana)[-1].text == "/start"

    async def test_an_unknown_method_is_not_found(self, simulated: SimulatedTelegram, bot: LibraryBot) -> None:
        with pytest.raises(EndPointNotFound):
            await bot.do_api_request("sendNothing")
        assert (await simulated.call(simulated.token, "sendNothing", {})).status == 404

    async def test_refusals_have_the_status_of_the_real_ones(
        self, simulated: SimulatedTelegram, ana: SimulatedUser, group: SimulatedGroup
    ) -> None:
        async def answer(chat_id: int) -> tuple[int, dict[str, Any]]:
            answer = await simulated.call(simulated.token, "sendMessage", {"chat_id": str(chat_id), "text": "x"})
            return answer.status, json.loads(answer.body)

        old = group.id
        simulated.migrates(group)
        assert (await answer(ana.id))[0] == 200
        assert await answer(ana.id) == (
            429,
            {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 1",
                "parameters": {"retry_after": 1},
            },
        )
        assert await answer(old) == (
            400,
            {
                "ok": False,
                "error_code": 400,
                "description": "Bad Request: group chat was upgraded to a supergroup chat",
                "parameters": {"migrate_to_chat_id": group.id},
            },
        )
        simulated.blocks(ana)
        assert await answer(ana.id) == (
            403,
            {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"},
        )

    async def test_another_address_is_no_bot_api(self, simulated: SimulatedTelegram) -> None:
        with pytest.raises(NetworkError, match="no address of a Bot API server"):
            await SimulatedRequest(simulated).post("https://example.org/getMe")

    def test_ids_are_as_long_as_in_real_life(self, simulated: SimulatedTelegram) -> None:
        ids = [simulated.user(f"Persona {n}").id for n in range(4)]
        assert len(set(ids)) == 4
        assert [user_id > 2**31 for user_id in ids] == [True, False, True, False]

    async def test_two_runs_are_the_same(self) -> None:
        async def run() -> object:
            simulated = SimulatedTelegram(ManualClock(START))
            user = simulated.user("Ana")
            simulated.says(user, "/start")
            message = await bot_of(simulated).send_message(user.id, "Sí", reply_markup=keyboard({"A": "a"}))
            simulated.taps(user, simulated.last(user), "A")
            return simulated.log, message.to_dict(), simulated.take_updates()

        assert await run() == await run()


class TestUpdates:
    async def test_every_kind_is_what_the_library_expects(
        self, simulated: SimulatedTelegram, bot: LibraryBot, clock: ManualClock
    ) -> None:
        ana = simulated.user("Ana", username="ana_prep")
        group = simulated.group("Comisión PREP")
        group.add(simulated.user("Otra"))
        group.add(ana, creator=True)
        said = simulated.says(ana, "/Pendientes@prep_prueba_bot febrero")
        clock.advance_to(START + timedelta(seconds=5))
        simulated.edits(ana, said, "otra cosa")
        simulated.sends_document(ana, "acta 1.pdf", b"%PDF", "application/pdf", "El acta")
        simulated.sends_photo(ana, PNG, "La foto")
        await bot.send_message(ana.id, "¿Acepta?", reply_markup=keyboard({"Acepto": "si"}))
        asked = simulated.last(ana)
        simulated.taps(ana, asked, "Acepto")
        await bot.delete_message(ana.id, asked.id)
        simulated.taps_data(ana, asked, "si")
        simulated.says(ana, "respondo", reply_to=said)
        simulated.blocks(ana)
        simulated.unblocks(ana)
        simulated.add_bot(group, by=ana)
        simulated.migrates(group)
        simulated.removes_bot(group)

        updates = updates_of(simulated, bot)
        assert [unknown_fields(update) for update in updates] == [{}] * 14
        assert [update.update_id for update in updates] == list(range(700_000_001, 700_000_015))
        (text, edit, document, photo, tap, stale, reply, blocked, unblocked, added, welcome, *moves, removed) = updates

        assert text.message.text == "/Pendientes@prep_prueba_bot febrero"
        assert text.message.parse_entity(text.message.entities[0]) == "/Pendientes@prep_prueba_bot"
        assert text.message.date == START
        user = text.effective_user
        assert (user.id, user.first_name, user.language_code, user.is_bot) == (ana.id, "Ana", "es", False)
        assert (text.effective_chat.id, text.effective_chat.type, text.effective_chat.username) == (
            ana.id,
            "private",
            "ana_prep",
        )
        assert (edit.edited_message.text, edit.edited_message.message_id) == ("otra cosa", text.message.message_id)
        assert edit.edited_message.edit_date == START + timedelta(seconds=5)
        assert (document.message.document.file_name, document.message.caption) == ("acta 1.pdf", "El acta")
        assert (document.message.document.mime_type, document.message.document.file_size) == ("application/pdf", 4)
        assert (photo.message.photo[0].width, photo.message.photo[0].height) == (640, 480)
        assert tap.callback_query.data == "si"
        assert isinstance(tap.callback_query.message, Message)
        assert tap.callback_query.message.reply_markup == keyboard({"Acepto": "si"})
        assert tap.callback_query.message.from_user.id == bot.id
        assert isinstance(stale.callback_query.message, MaybeInaccessibleMessage)
        assert not stale.callback_query.message.is_accessible
        assert stale.callback_query.message.message_id == asked.id
        assert reply.message.reply_to_message.text == "otra cosa"
        changes = [update.my_chat_member for update in (blocked, unblocked, added, removed)]
        assert [(change.old_chat_member.status, change.new_chat_member.status) for change in changes] == [
            ("member", "kicked"),
            ("kicked", "member"),
            ("left", "member"),
            ("member", "kicked"),
        ]
        assert {change.new_chat_member.user.id for change in changes} == {bot.id}
        assert {change.from_user.id for change in changes} == {ana.id}
        assert welcome.message.new_chat_members[0].id == bot.id
        old, new = moves
        assert (old.message.chat.type, new.message.chat.type) == ("group", "supergroup")
        assert old.message.migrate_to_chat_id == new.message.chat.id == group.id < -1_000_000_000_000
        assert new.message.migrate_from_chat_id == old.message.chat.id > -1_000_000_000_000

    async def test_an_offset_acknowledges(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        for text in "abc":
            simulated.says(ana, text)
        first, second, third = await bot.get_updates()
        assert (first.message.text, second.message.text, third.message.text) == ("a", "b", "c")
        assert await bot.get_updates(limit=1, timeout=50) == (first,)
        assert await bot.get_updates(offset=second.update_id) == (second, third)
        assert (await bot.get_webhook_info()).pending_update_count == 2
        assert await bot.get_updates(offset=-1) == (third,)
        assert await bot.get_updates(offset=third.update_id + 1) == ()

    async def test_a_waiting_poll_gets_what_comes(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        poll = asyncio.create_task(bot.get_updates(timeout=50))
        await asyncio.sleep(0)
        assert not poll.done()
        simulated.says(ana, "/pendientes")
        assert only(list(await poll)).message.text == "/pendientes"

    async def test_a_poll_ends_empty_when_its_time_is_over(self) -> None:
        assert await Updates().poll(0, 100, 0.001) == []

    async def test_a_second_poll_ends_the_first(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        first = asyncio.create_task(bot.get_updates(timeout=50))
        await asyncio.sleep(0)
        second = asyncio.create_task(bot.get_updates(timeout=50))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        simulated.says(ana, "a")
        assert len(await second) == 1

    async def test_only_allowed_kinds_come(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        await bot.get_updates(allowed_updates=["message"])
        simulated.blocks(ana)
        simulated.unblocks(ana)
        simulated.says(ana, "a")
        assert [update.message.text for update in await bot.get_updates()] == ["a"]
        await bot.get_updates(allowed_updates=[], offset=-1)
        simulated.blocks(ana)
        assert len(await bot.get_updates()) == 2

    async def test_pending_updates_can_be_dropped(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        simulated.says(ana, "a")
        await bot.delete_webhook()
        assert len(await bot.get_updates()) == 1
        await bot.delete_webhook(drop_pending_updates=True)
        assert await bot.get_updates() == ()


class TestSending:
    async def test_a_message_arrives_as_it_was_written(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        markup = InlineKeyboardMarkup(
            [
                [InlineKeyboardButton("◀", callback_data="m:1"), InlineKeyboardButton("▶", callback_data="m:3")],
                [
                    InlineKeyboardButton("Sitio", url="https://www.ieepco.org.mx/"),
                    InlineKeyboardButton("Copiar", copy_text=CopyTextButton("A" * 256)),
                ],
            ]
        )
        message = await bot.send_message(ana.id, "<b>Sí</b> &amp; ¡😀!", parse_mode="HTML", reply_markup=markup)
        assert not unknown_fields(message)
        assert message.text_html == "<b>Sí</b> &amp; ¡😀!"
        assert (message.reply_markup, message.date, message.chat.id) == (markup, START, ana.id)

        seen = simulated.last(ana)
        assert (seen.id, seen.text, seen.html) == (message.message_id, "Sí & ¡😀!", "<b>Sí</b> &amp; ¡😀!")
        assert seen.buttons == (("◀", "▶"), ("Sitio", "Copiar"))
        assert not seen.edited
        assert [each.text for each in simulated.messages(ana)] == ["/start", "Sí & ¡😀!"]

    async def test_plain_text_is_not_read_as_html(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        await bot.send_message(ana.id, " <3 & más ")
        assert (simulated.last(ana).text, simulated.last(ana).html) == ("<3 & más", "&lt;3 &amp; más")

    @pytest.mark.parametrize(
        ("text", "error"),
        [
            ("", "message text is empty"),
            ("<b></b>", "message text is empty"),
            (" \n ", "message text is empty"),
            ("x" * 4097, "message is too long"),
            ("😀" * 2049, "message is too long"),
            ("PREP <3", "can't parse entities: Unclosed start tag at byte offset 5"),
            ("<br>", 'can\'t parse entities: Unsupported start tag "br" at byte offset 0'),
            ("<b>x", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ],
    )
    async def test_bad_text_is_refused(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser, text: str, error: str
    ) -> None:
        with refused(error):
            await bot.send_message(ana.id, text, parse_mode="HTML")
        entry = simulated.log[-1]
        assert (entry.method, entry.accepted, entry.error) == ("sendMessage", False, f"Bad Request: {error}")
        assert (entry.text, entry.html, entry.chat_id) == (text, escaped(text), ana.id)
        assert len(simulated.messages(ana)) == 1

    async def test_the_longest_texts_pass(self, bot: LibraryBot, ana: SimulatedUser, clock: ManualClock) -> None:
        await bot.send_message(ana.id, "<b>" + "&amp;" * 4096 + "</b>", parse_mode="HTML")
        clock.advance_to(START + timedelta(seconds=1))
        await bot.send_document(ana.id, b"x", caption="<b>" + "x" * 1024 + "</b>", parse_mode="HTML")

    async def test_an_unknown_markup_is_refused(self, bot: LibraryBot, ana: SimulatedUser) -> None:
        with refused("unsupported parse_mode"):
            await bot.send_message(ana.id, "x", parse_mode="BBCode")

    @pytest.mark.parametrize(
        ("button", "error"),
        [
            ({"text": "x", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
            ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
            ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
            ({"text": "x", "url": "ftp://x.mx"}, "inline keyboard button URL 'ftp://x.mx' is invalid"),
            ({"text": "x", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
            ({"text": "x", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
            ({"text": "x"}, "Text buttons are unallowed in the inline keyboard"),
            ({"text": " ", "callback_data": "x"}, 'Field "text" must be a non-empty String'),
            ({"callback_data": "x"}, 'Field "text" must be a non-empty String'),
            ("x", "InlineKeyboardButton must be an Object"),
        ],
    )
    async def test_bad_buttons_are_refused(
        self, bot: LibraryBot, ana: SimulatedUser, button: object, error: str
    ) -> None:
        with refused(error):
            await bot.send_message(ana.id, "x", api_kwargs={"reply_markup": {"inline_keyboard": [[button]]}})

    @pytest.mark.parametrize(
        ("markup", "error"),
        [
            ([], "object expected as reply markup"),
            ({"inline_keyboard": [{}]}, "Array of Arrays"),
        ],
    )
    async def test_bad_markup_is_refused(self, bot: LibraryBot, ana: SimulatedUser, markup: object, error: str) -> None:
        with refused(error):
            await bot.send_message(ana.id, "x", api_kwargs={"reply_markup": markup})

    async def test_what_is_not_simulated_says_so(self, bot: LibraryBot, ana: SimulatedUser) -> None:
        with pytest.raises(NetworkError, match="the simulation does not know reply markup other than inline"):
            await bot.send_message(ana.id, "x", reply_markup=ForceReply())
        with pytest.raises(NetworkError, match="the simulation does not know Markdown"):
            await bot.send_message(ana.id, "x", parse_mode="MarkdownV2")

    async def test_a_keyboard_holds_a_hundred_buttons_of_64_bytes(self, bot: LibraryBot, ana: SimulatedUser) -> None:
        row = {f"{n}": "é" * 32 for n in range(8)}
        with refused("REPLY_MARKUP_TOO_LONG"):
            await bot.send_message(ana.id, "x", reply_markup=keyboard(*[row] * 12, {f"{n}": "x" for n in range(5)}))
        await bot.send_message(ana.id, "x", reply_markup=keyboard(*[row] * 12, {f"{n}": "x" for n in range(4)}))

    async def test_a_reply_names_a_message_that_is_there(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser, clock: ManualClock
    ) -> None:
        asked = simulated.last(ana)
        message = await bot.send_message(ana.id, "x", reply_parameters=ReplyParameters(asked.id))
        assert message.reply_to_message.text == "/start"
        simulated.take_updates()
        simulated.says(ana, "respondo", reply_to=simulated.last(ana))
        reply = only(updates_of(simulated, bot)).message.reply_to_message
        assert (reply.text, reply.reply_to_message) == ("x", None)
        with refused("replied not found"):
            await bot.send_message(ana.id, "x", reply_parameters=ReplyParameters(999))
        clock.advance_to(START + timedelta(seconds=1))
        lost = ReplyParameters(999, allow_sending_without_reply=True)
        assert (await bot.send_message(ana.id, "x", reply_parameters=lost)).reply_to_message is None

    async def test_a_chat_action_needs_a_chat(self, bot: LibraryBot, ana: SimulatedUser) -> None:
        assert await bot.send_chat_action(ana.id, "typing")
        with refused("Chat not found"):
            await bot.send_chat_action(1, "typing")


class TestFiles:
    async def test_a_document_goes_out_and_again_by_its_id(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser, clock: ManualClock
    ) -> None:
        sent = await bot.send_document(
            ana.id, b"texto", filename="convocatoria.txt", caption="<i>Va</i>", parse_mode="HTML"
        )
        assert not unknown_fields(sent)
        assert (sent.document.file_name, sent.caption_html) == ("convocatoria.txt", "<i>Va</i>")
        clock.advance_to(START + timedelta(seconds=1))
        again = await bot.send_document(ana.id, sent.document.file_id)
        assert again.document == sent.document
        file = await (await sent.document.get_file()).download_as_bytearray()
        assert bytes(file) == b"texto"
        assert simulated.log[-2].file_name == "convocatoria.txt"
        assert simulated.log[-2].params["document"] == "convocatoria.txt"

    async def test_a_document_comes_in(self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser) -> None:
        simulated.sends_document(ana, "acta.pdf", b"%PDF-1.7", "application/pdf", "/acta")
        message = only(updates_of(simulated, bot)).message
        assert message.parse_caption_entities() == {message.caption_entities[0]: "/acta"}
        file = await message.document.get_file()
        assert file.file_path.endswith("documents/file_1.pdf")
        assert bytes(await file.download_as_bytearray()) == b"%PDF-1.7"
        with pytest.raises(InvalidToken):
            await bot_of(simulated, "123456:WRONG").request.retrieve(file.file_path.replace("SIMULATED", "WRONG"))

    async def test_a_bot_cannot_fetch_more_than_20_megabytes(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        simulated.sends_document(ana, "anexo.zip", bytes(20 * 1024 * 1024 + 1))
        document = only(updates_of(simulated, bot)).message.document
        with refused("File is too big"):
            await document.get_file()

    @pytest.mark.parametrize(("width", "height"), [(640, 480), (9000, 1000), (2000, 100)])
    async def test_a_picture_goes_out(self, bot: LibraryBot, ana: SimulatedUser, width: int, height: int) -> None:
        sent = await bot.send_photo(ana.id, PNG[:16] + struct.pack(">II", width, height), caption="Avance")
        assert (sent.photo[0].width, sent.photo[0].height, sent.caption) == (width, height, "Avance")

    @pytest.mark.parametrize(
        ("data", "error"),
        [
            (b"no picture, although it is long enough", "IMAGE_PROCESS_FAILED"),
            (PNG[:20], "IMAGE_PROCESS_FAILED"),
            (PNG[:16] + struct.pack(">II", 9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
            (PNG[:16] + struct.pack(">II", 2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        ],
    )
    async def test_what_is_no_picture_is_refused(
        self, bot: LibraryBot, ana: SimulatedUser, data: bytes, error: str
    ) -> None:
        with refused(error):
            await bot.send_photo(ana.id, data)

    async def test_other_bad_files_are_refused(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        with refused("must be non-empty"):
            await bot.send_document(ana.id, b"")
        with refused("Wrong file identifier"):
            await bot.send_document(ana.id, "no-such-id")
        with refused("caption is too long"):
            await bot.send_document(ana.id, b"x", caption="x" * 1025)
        with refused("Invalid file_id"):
            await bot.get_file("no-such-id")
        simulated.sends_photo(ana, b"\xff\xd8\xff")
        photo = only(updates_of(simulated, bot)).message.photo[0]
        with refused("Type of file mismatch"):
            await bot.send_document(ana.id, photo.file_id)


class TestEditing:
    async def test_an_edit_takes_the_place(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser, clock: ManualClock
    ) -> None:
        sent = await bot.send_message(ana.id, "uno", reply_markup=keyboard({"▶": "2"}))
        clock.advance_to(START + timedelta(minutes=1))
        edited = await bot.edit_message_text("<b>dos</b>", ana.id, sent.message_id, parse_mode="HTML")
        assert (edited.message_id, edited.text_html, edited.date) == (sent.message_id, "<b>dos</b>", START)
        assert edited.edit_date == START + timedelta(minutes=1)
        assert edited.reply_markup is None
        seen = simulated.last(ana)
        assert (seen.text, seen.html, seen.buttons, seen.edited) == ("dos", "<b>dos</b>", (), True)
        assert len(simulated.messages(ana)) == 2

    async def test_the_keyboard_alone_can_change(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        sent = await bot.send_message(ana.id, "<b>uno</b>", parse_mode="HTML", reply_markup=keyboard({"▶": "2"}))
        await bot.edit_message_reply_markup(ana.id, sent.message_id, reply_markup=keyboard({"◀": "1"}))
        assert (simulated.last(ana).html, simulated.last(ana).buttons) == ("<b>uno</b>", (("◀",),))
        await bot.edit_message_reply_markup(ana.id, sent.message_id)
        with refused("message is not modified"):
            await bot.edit_message_reply_markup(ana.id, sent.message_id)

    async def test_the_same_again_is_not_modified(self, bot: LibraryBot, ana: SimulatedUser) -> None:
        sent = await bot.send_message(ana.id, "uno", reply_markup=keyboard({"▶": "2"}))
        edit = {"chat_id": ana.id, "message_id": sent.message_id, "reply_markup": keyboard({"▶": "2"})}
        with refused("message is not modified: specified new message content and reply"):
            await bot.edit_message_text("uno", **edit)
        await bot.edit_message_text("<b>uno</b>", parse_mode="HTML", **edit)
        await bot.edit_message_text("<b>uno</b>", parse_mode="HTML", **edit | {"reply_markup": keyboard({"▶": "3"})})

    async def test_what_cannot_be_edited(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        asked = simulated.last(ana)
        with refused("Message to edit not found"):
            await bot.edit_message_text("x", ana.id, 999)
        with refused("Message can't be edited"):
            await bot.edit_message_text("x", ana.id, asked.id)
        with refused("Message identifier is not specified"):
            await bot.edit_message_text("x", ana.id)
        with refused("Chat_id is empty"):
            await bot.edit_message_text("x", inline_message_id="x")
        sent = await bot.send_document(ana.id, b"x")
        with refused("There is no text in the message to edit"):
            await bot.edit_message_text("x", ana.id, sent.message_id)

    async def test_deleting(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser, clock: ManualClock
    ) -> None:
        asked = simulated.last(ana)
        sent = await bot.send_message(ana.id, "x")
        assert await bot.delete_message(ana.id, asked.id)
        assert [message.id for message in simulated.messages(ana)] == [sent.message_id]
        with refused("Message to delete not found"):
            await bot.delete_message(ana.id, asked.id)
        clock.advance_to(START + timedelta(hours=48, seconds=1))
        with refused("Message can't be deleted for everyone"):
            await bot.delete_message(ana.id, sent.message_id)

    async def test_the_bot_cannot_delete_what_others_write_in_a_group(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser, group: SimulatedGroup
    ) -> None:
        said = simulated.says(ana, "/proxima", group)
        with refused("Message can't be deleted"):
            await bot.delete_message(group.id, said.id)

    async def test_pinning(self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser) -> None:
        assert simulated.pinned(ana) is None
        sent = await bot.send_message(ana.id, "x")
        assert await bot.pin_chat_message(ana.id, sent.message_id)
        assert simulated.pinned(ana) == simulated.last(ana)
        with refused("Message to pin not found"):
            await bot.pin_chat_message(ana.id, 999)


class TestTaps:
    @pytest.fixture
    async def asked(self, bot: LibraryBot, ana: SimulatedUser) -> Message:
        return await bot.send_message(ana.id, "x", reply_markup=keyboard({"Sí": "s", "s": "t"}, {"No": "n"}))

    @pytest.mark.usefixtures("asked")
    async def test_by_label_before_data(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        shown = simulated.last(ana)
        taps = [simulated.taps(ana, shown, wanted) for wanted in ("Sí", "s", "n")]
        assert [tap.data for tap in taps] == ["s", "t", "n"]
        queries = [update.callback_query for update in updates_of(simulated, bot)]
        assert [query.id for query in queries] == [tap.id for tap in taps]
        entry = simulated.log[-1]
        assert (entry.direction, entry.text, entry.data) == ("in", "No", "n")

    async def test_only_what_the_message_shows_now(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser, asked: Message
    ) -> None:
        shown = simulated.last(ana)
        await bot.edit_message_reply_markup(
            ana.id,
            asked.message_id,
            reply_markup=InlineKeyboardMarkup.from_button(InlineKeyboardButton("Sitio", url="x.mx")),
        )
        for label in ("Sí", "Sitio"):
            with pytest.raises(NoSuchButton):
                simulated.taps(ana, shown, label)
        await bot.delete_message(ana.id, asked.message_id)
        with pytest.raises(NoSuchButton):
            simulated.taps(ana, shown, "Sí")
        assert simulated.taps_data(ana, shown, "s").data == "s"

    @pytest.mark.usefixtures("asked")
    async def test_only_in_chats_that_the_person_sees(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser, group: SimulatedGroup
    ) -> None:
        other = simulated.user("Otra")
        with pytest.raises(Impossible):
            simulated.taps(other, simulated.last(ana), "Sí")
        await bot.send_message(group.id, "x", reply_markup=keyboard({"Sí": "s"}))
        with pytest.raises(Impossible):
            simulated.taps(other, simulated.last(group), "Sí")
        group.add(other)
        assert simulated.taps(other, simulated.last(group), "Sí").chat_id == group.id

    @pytest.mark.usefixtures("asked")
    async def test_an_answer_is_seen_once(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        tap = simulated.taps(ana, simulated.last(ana), "Sí")
        assert tap.answer is None
        with refused("MESSAGE_TOO_LONG"):
            await bot.answer_callback_query(tap.id, "x" * 201)
        assert await bot.answer_callback_query(tap.id, "x" * 200, show_alert=True)
        assert tap.answer == TapAnswer("x" * 200, alert=True)
        with refused("Query is too old and response timeout expired or query id is invalid"):
            await bot.answer_callback_query(tap.id)
        with refused("Query is too old"):
            await bot.answer_callback_query("12")
        entry = simulated.log[-3]
        assert (entry.method, entry.user_id, entry.chat_id, entry.text) == (
            "answerCallbackQuery",
            ana.id,
            ana.id,
            "x" * 200,
        )

    @pytest.mark.usefixtures("asked")
    async def test_a_tap_expires(
        self,
        simulated: SimulatedTelegram,
        bot: LibraryBot,
        ana: SimulatedUser,
        clock: ManualClock,
    ) -> None:
        in_time, late = (simulated.taps(ana, simulated.last(ana), label) for label in ("Sí", "No"))
        clock.advance_to(START + timedelta(seconds=15))
        assert await bot.answer_callback_query(in_time.id)
        clock.advance_to(START + timedelta(seconds=16))
        with refused("Query is too old"):
            await bot.answer_callback_query(late.id)


class TestWhoCanBeReached:
    async def test_nobody_knows_that_id(self, bot: LibraryBot) -> None:
        with refused("Chat not found"):
            await bot.send_message(42, "x")
        with refused("Chat not found"):
            await bot.send_message("@nadie", "x")

    async def test_who_never_started(self, simulated: SimulatedTelegram, bot: LibraryBot) -> None:
        user = simulated.user("Ana")
        with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
            await bot.send_message(user.id, "x")
        simulated.says(user, "hola")
        await bot.send_message(user.id, "x")

    async def test_who_blocked_until_they_unblock(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        sent = await bot.send_message(ana.id, "x")
        simulated.blocks(ana)
        for call in (bot.send_message(ana.id, "y"), bot.edit_message_text("y", ana.id, sent.message_id)):
            with pytest.raises(Forbidden, match="bot was blocked by the user"):
                await call
        with pytest.raises(Impossible):
            simulated.says(ana, "hola")
        simulated.unblocks(ana)
        await bot.edit_message_text("y", ana.id, sent.message_id)

    async def test_a_group_with_and_without_the_bot(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        group = simulated.group("Comisión PREP")
        group.add(ana)
        with refused("Chat not found"):
            await bot.send_message(group.id, "x")
        simulated.add_bot(group, by=ana)
        sent = await bot.send_message(group.id, "x")
        assert (sent.chat.type, sent.chat.title) == ("group", "Comisión PREP")
        simulated.removes_bot(group)
        with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
            await bot.send_message(group.id, "x")
        simulated.add_bot(group, by=ana)
        simulated.take_updates()
        await bot.leave_chat(group.id)
        assert only(updates_of(simulated, bot)).my_chat_member.new_chat_member.status == "left"
        with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
            await bot.send_message(group.id, "x")
        with refused("Chat member status can't be changed in private chats"):
            await bot.leave_chat(ana.id)

    async def test_a_group_that_becomes_a_supergroup(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser, group: SimulatedGroup
    ) -> None:
        old = group.id
        said = await bot.send_message(old, "antes", reply_markup=keyboard({"Sí": "s"}))
        before = simulated.last(group)
        simulated.migrates(group)
        for call in (bot.send_message(old, "x"), bot.edit_message_text("x", old, said.message_id)):
            with pytest.raises(ChatMigrated) as moved:
                await call
            assert moved.value.new_chat_id == group.id
        with pytest.raises(Impossible):
            simulated.taps(ana, before, "Sí")
        sent = await bot.send_message(group.id, "después")
        assert (sent.chat.id, sent.chat.type) == (group.id, "supergroup")
        assert [message.text for message in simulated.messages(group)] == ["después"]
        assert sent.message_id == 3  # it counts its own messages: two told of the change
        simulated.removes_bot(group)
        with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
            await bot.send_message(group.id, "x")

    async def test_the_bot_learns_nothing_of_other_groups(
        self, simulated: SimulatedTelegram, ana: SimulatedUser
    ) -> None:
        group = simulated.group("Otra")
        group.add(ana)
        simulated.says(ana, "/proxima", group)
        simulated.migrates(group)
        assert simulated.take_updates() == []

    async def test_what_the_bot_hears_in_a_group(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser, group: SimulatedGroup
    ) -> None:
        sent = await bot.send_message(group.id, "¿Acuse?")
        own = simulated.last(group)
        said = simulated.says(ana, "hola a todas", group)
        simulated.says(ana, "/proxima@otro_bot", group)
        simulated.says(ana, "yo también", group, reply_to=said)
        assert updates_of(simulated, bot) == []
        assert not simulated.log[-1].accepted
        heard = ["/proxima", "/proxima@Prep_Prueba_bot", "oye, @Prep_Prueba_Bot"]
        for text in heard:
            simulated.says(ana, text, group)
        simulated.says(ana, "enterada", group, reply_to=own)
        updates = updates_of(simulated, bot)
        assert [update.message.text for update in updates] == [*heard, "enterada"]
        assert updates[-1].message.reply_to_message.message_id == sent.message_id
        simulated.removes_bot(group)
        simulated.take_updates()
        simulated.says(ana, "/proxima", group)
        assert simulated.take_updates() == []
        with pytest.raises(Impossible):
            simulated.says(simulated.user("Otra"), "/proxima", group)

    async def test_chats_and_their_members(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser, group: SimulatedGroup
    ) -> None:
        other, outsider = simulated.user("Otra"), simulated.user("Ajena")
        group.add(other)
        chat = await bot.get_chat(group.id)
        assert (chat.title, chat.type) == ("Comisión PREP", "group")
        assert (await bot.get_chat(ana.id)).first_name == "Ana"
        members = [await bot.get_chat_member(group.id, user) for user in (ana.id, other.id, outsider.id, bot.id)]
        assert [member.status for member in members] == ["creator", "member", "left", "member"]
        assert not any(unknown_fields(each) for each in (chat, *members))
        with refused("User not found"):
            await bot.get_chat_member(group.id, 5)

    def test_people_edit_only_what_is_theirs(self, simulated: SimulatedTelegram, ana: SimulatedUser) -> None:
        with pytest.raises(Impossible):
            simulated.edits(simulated.user("Otra"), simulated.last(ana), "x")
        assert simulated.edits(ana, simulated.last(ana), "/ayuda").edited
        assert simulated.last(ana).text == "/ayuda"

    def test_an_empty_chat_has_no_last_message(self, simulated: SimulatedTelegram) -> None:
        with pytest.raises(Impossible):
            simulated.last(simulated.user("Ana"))


class TestFloodControl:
    async def test_one_a_second_to_a_chat(self, bot: LibraryBot, ana: SimulatedUser, clock: ManualClock) -> None:
        await bot.send_message(ana.id, "x")
        clock.advance_to(START + timedelta(milliseconds=300))
        with pytest.raises(RetryAfter) as soon:
            await bot.send_message(ana.id, "y")
        assert soon.value.retry_after == timedelta(seconds=1)
        clock.advance_to(START + timedelta(seconds=1))
        await bot.send_message(ana.id, "y")

    async def test_thirty_a_second_overall(
        self, simulated: SimulatedTelegram, bot: LibraryBot, clock: ManualClock
    ) -> None:
        people = [simulated.user(f"Persona {n}") for n in range(31)]
        for person in people:
            simulated.says(person, "/start")
        for person in people[:30]:
            await bot.send_message(person.id, "x")
        with pytest.raises(RetryAfter):
            await bot.send_message(people[30].id, "x")
        clock.advance_to(START + timedelta(seconds=1))
        await bot.send_message(people[30].id, "x")

    async def test_twenty_a_minute_to_a_group(self, bot: LibraryBot, group: SimulatedGroup, clock: ManualClock) -> None:
        for second in range(20):
            clock.advance_to(START + timedelta(seconds=second))
            await bot.send_message(group.id, "x")
        clock.advance_to(START + timedelta(seconds=30))
        with pytest.raises(RetryAfter) as soon:
            await bot.send_message(group.id, "x")
        assert soon.value.retry_after == timedelta(seconds=30)
        clock.advance_to(START + timedelta(seconds=60))
        await bot.send_message(group.id, "x")

    async def test_only_accepted_messages_count(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        with pytest.raises(BadRequest):
            await bot.send_message(ana.id, "<3", parse_mode="HTML")
        sent = await bot.send_message(ana.id, "x", reply_markup=keyboard({"Sí": "s"}))
        for tap in [simulated.taps(ana, simulated.last(ana), "Sí") for _ in range(40)]:
            await bot.answer_callback_query(tap.id)
        for number in range(40):
            await bot.edit_message_text(f"{number}", ana.id, sent.message_id)

    async def test_the_limits_can_be_set(self, clock: ManualClock) -> None:
        simulated = SimulatedTelegram(clock, per_chat_per_second=3, overall_per_second=5)
        people = [simulated.user("Ana"), simulated.user("Eva")]
        sent = 0
        for person in people:
            simulated.says(person, "/start")
        for person in people * 3:
            try:
                await bot_of(simulated).send_message(person.id, "x")
            except RetryAfter:
                continue
            sent += 1
        assert sent == 5
        assert [len(simulated.messages(person)) for person in people] == [4, 3]


class TestFaults:
    @pytest.mark.parametrize(
        ("fault", "error", "told"),
        [
            (ServerError(502), NetworkError, "Bad Gateway"),
            (ServerError(500), NetworkError, "Internal Server Error"),
            (FloodWait(7), RetryAfter, "Too Many Requests: retry after 7"),
            (TimeOut(delivered=False), TimedOut, "time-out before delivery"),
            (TimeOut(delivered=True), TimedOut, "time-out after delivery"),
            (ConnectionRefused(), NotSent, "connection refused"),
            (MalformedBody(), TelegramError, "malformed body"),
        ],
    )
    async def test_each_happens_once(
        self,
        simulated: SimulatedTelegram,
        bot: LibraryBot,
        ana: SimulatedUser,
        clock: ManualClock,
        fault: Any,
        error: type[Exception],
        told: str,
    ) -> None:
        accepted = fault in (TimeOut(delivered=True), MalformedBody())
        simulated.fail_next("sendMessage", fault)
        assert await bot.get_me()
        with pytest.raises(error) as failure:
            await bot.send_message(ana.id, "x")
        assert type(failure.value) is error
        entry = simulated.log[-1]
        assert (entry.direction, entry.text, entry.accepted) == ("out", "x", accepted)
        assert entry.error == told
        assert simulated.last(ana).text == ("x" if accepted else "/start")
        clock.advance_to(START + timedelta(seconds=1))
        await bot.send_message(ana.id, "y")
        assert (simulated.log[-1].accepted, simulated.log[-1].error) == (True, None)

    async def test_a_refusal_behind_a_time_out_is_not_seen(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser
    ) -> None:
        simulated.blocks(ana)
        simulated.fail_next("sendMessage", TimeOut(delivered=True))
        with pytest.raises(TimedOut):
            await bot.send_message(ana.id, "x")
        assert (simulated.log[-1].accepted, simulated.log[-1].error) == (
            False,
            "Forbidden: bot was blocked by the user",
        )

    async def test_times_and_chat(self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser) -> None:
        other = simulated.user("Otra")
        simulated.says(other, "/start")
        simulated.fail_next("sendMessage", ServerError(), times=2, chat=ana)
        await bot.send_message(other.id, "x")
        for _ in range(2):
            with pytest.raises(NetworkError):
                await bot.send_message(ana.id, "x")
        await bot.send_message(ana.id, "x")

    async def test_an_outage(self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser) -> None:
        simulated.fail_next(None, ConnectionRefused(), times=1000)
        for call in (bot.get_me, bot.get_updates, lambda: bot.send_message(ana.id, "x")):
            with pytest.raises(NotSent):
                await call()
        simulated.recover()
        assert await bot.get_me()


class TestMenus:
    async def test_the_narrowest_scope_shows(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser, group: SimulatedGroup
    ) -> None:
        other = simulated.user("Otra", language_code="en")
        group.add(other)

        async def menu(name: str, **where: Any) -> None:
            await bot.set_my_commands([BotCommand(name, "Descripción")], **where)

        assert simulated.menu(ana) == []
        await menu("general")
        assert [simulated.menu(ana), simulated.menu(ana, group)] == [["general"], ["general"]]
        await menu("privados", scope=BotCommandScopeAllPrivateChats())
        await menu("grupos", scope=BotCommandScopeAllGroupChats())
        assert [simulated.menu(ana), simulated.menu(ana, group)] == [["privados"], ["grupos"]]
        await menu("private", scope=BotCommandScopeAllPrivateChats(), language_code="en")
        assert [simulated.menu(ana), simulated.menu(other)] == [["privados"], ["private"]]
        await menu("ana", scope=BotCommandScopeChat(ana.id))
        await menu("grupo", scope=BotCommandScopeChat(group.id))
        await menu("administra", scope=BotCommandScopeChatAdministrators(group.id))
        assert [simulated.menu(ana), simulated.menu(other)] == [["ana"], ["private"]]
        assert [simulated.menu(ana, group), simulated.menu(other, group)] == [["administra"], ["grupo"]]
        await menu("otra", scope=BotCommandScopeChatMember(group.id, other.id))
        assert simulated.menu(other, group) == ["otra"]

        assert await bot.get_my_commands(BotCommandScopeChat(ana.id)) == (BotCommand("ana", "Descripción"),)
        assert await bot.get_my_commands(BotCommandScopeChat(ana.id), language_code="en") == ()
        await bot.delete_my_commands(BotCommandScopeChat(ana.id))
        assert simulated.menu(ana) == ["privados"]

    @pytest.mark.parametrize(
        ("commands", "error"),
        [
            ([("Pendientes", "x")], "BOT_COMMAND_INVALID"),
            ([("próxima", "x")], "BOT_COMMAND_INVALID"),
            ([("", "x")], "BOT_COMMAND_INVALID"),
            ([("a" * 33, "x")], "BOT_COMMAND_INVALID"),
            ([("a", " ")], "BOT_COMMAND_DESCRIPTION_INVALID"),
            ([("a", "x" * 257)], "BOT_COMMAND_DESCRIPTION_INVALID"),
            ([(f"a{n}", "x") for n in range(101)], "BOT_COMMANDS_TOO_MUCH"),
        ],
    )
    async def test_bad_commands_are_refused(self, bot: LibraryBot, commands: list[tuple[str, str]], error: str) -> None:
        with refused(error):
            await bot.set_my_commands(commands)

    async def test_the_largest_menu_passes(self, bot: LibraryBot) -> None:
        commands = [("a", "x"), *((f"{n:0>32}", "x" * 256) for n in range(99))]
        assert await bot.set_my_commands(commands)
        assert len(await bot.get_my_commands()) == 100

    @pytest.mark.parametrize(
        ("call", "error"),
        [
            (lambda bot: bot.set_my_commands([], language_code="spa"), "Invalid language code specified"),
            (lambda bot: bot.set_my_commands([], scope=BotCommandScopeChat(5)), "Chat not found"),
            (lambda bot: bot.set_my_commands([], api_kwargs={"scope": {"type": "x"}}), "Unsupported type specified"),
            (lambda bot: bot.set_my_commands([], api_kwargs={"scope": "{"}), "Can't parse scope JSON object"),
            (lambda bot: bot.set_my_commands([], api_kwargs={"commands": 5}), "Expected an Array of BotCommand"),
            (lambda bot: bot.set_my_commands([], api_kwargs={"commands": [5]}), "Can't parse BotCommand"),
        ],
    )
    async def test_bad_scopes_and_languages_are_refused(
        self, bot: LibraryBot, call: Callable[[LibraryBot], Any], error: str
    ) -> None:
        with refused(error):
            await call(bot)

    async def test_scopes_of_a_chat(
        self, simulated: SimulatedTelegram, bot: LibraryBot, ana: SimulatedUser, group: SimulatedGroup
    ) -> None:
        with refused("can't use specified scope in private chats"):
            await bot.set_my_commands([("a", "x")], scope=BotCommandScopeChatAdministrators(ana.id))
        with refused("chat not found"):
            await bot.set_my_commands([("a", "x")], scope=BotCommandScopeChat(simulated.user("Otra").id))
        simulated.blocks(ana)
        await bot.set_my_commands([("a", "x")], scope=BotCommandScopeChat(ana.id))
        old = group.id
        simulated.migrates(group)
        with pytest.raises(ChatMigrated):
            await bot.set_my_commands([("a", "x")], scope=BotCommandScopeChat(old))
        simulated.removes_bot(group)
        with pytest.raises(Forbidden, match="bot was kicked"):
            await bot.set_my_commands([("a", "x")], scope=BotCommandScopeChat(group.id))


class TestLog:
    async def test_it_tells_the_conversation(
        self, simulated: SimulatedTelegram, bot: LibraryBot, clock: ManualClock
    ) -> None:
        ana = simulated.user("Ana")
        simulated.says(ana, "/pendientes")
        clock.advance_to(START + timedelta(seconds=1))
        await bot.get_me()
        await bot.send_chat_action(ana.id, "typing")
        sent = await bot.send_message(ana.id, "<b>2</b>", parse_mode="HTML", reply_markup=keyboard({"▶": "m"}))
        await bot.delete_message(ana.id, sent.message_id)
        simulated.blocks(ana)
        log = simulated.log
        assert [(entry.direction, entry.method, entry.text) for entry in log] == [
            ("in", "message", "/pendientes"),
            ("out", "sendMessage", "2"),
            ("out", "deleteMessage", ""),
            ("in", "my_chat_member", "kicked"),
        ]
        assert {(entry.chat_id, entry.user_id) for entry in log} == {(ana.id, ana.id)}
        assert [entry.at for entry in log] == [START, *[START + timedelta(seconds=1)] * 3]
        assert [entry.message_id for entry in log] == [1, sent.message_id, sent.message_id, None]
        assert (log[1].html, log[1].buttons) == ("<b>2</b>", (("▶",),))
        assert log[1].params["text"] == "<b>2</b>"
        assert log[1].params["chat_id"] == str(ana.id)

    async def test_what_is_said_in_a_group_is_nobodys_own(
        self, simulated: SimulatedTelegram, bot: LibraryBot, group: SimulatedGroup
    ) -> None:
        await bot.send_message(group.id, "x")
        assert (simulated.log[-1].chat_id, simulated.log[-1].user_id) == (group.id, None)
