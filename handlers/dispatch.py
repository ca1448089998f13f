"""From what somebody said or tapped to its handler: the one place where permissions are enforced. No Telegram here."""

from dataclasses import dataclass

from handlers.speech import guess
from handlers.table import ANSWERS, COMMANDS, FILES, TAPS, group_menu, menu, seats_for, speaks_in_group
from handlers.turn import Command, Download, File, Reply, Turn, no_download
from prep_bot.services.container import Services
from prep_bot.services.dialogues import Waiting
from prep_bot.services.identity import Actor, Seat
from prep_bot.texts import help as texts
from prep_bot.texts.actions.action import Action
from prep_bot.texts.actions.general import RunCommand
from prep_bot.texts.message import Message


@dataclass(frozen=True)
class Place:
    """Where somebody speaks."""

    chat_id: int
    bot: str
    """The bot's user name."""
    title: str = ""
    message_id: int = 0
    """Of a tap: the message in whose place a reply will stand; 0 when it will be a new one."""
    attachment: File | None = None
    download: Download = no_download
    """Fetch a file that came earlier, by its id."""
    in_group: bool = False
    commission_id: int | None = None
    """The commission that linked the group."""


class Dispatcher:
    """Finds the handler, checks the permission, and gives the handler the seats that hold it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def command(
        self, actor: Actor, place: Place, name: str, argument: str, commission_id: int | None = None
    ) -> Reply:
        """Answer a command, in one commission if it is given, or say why it is not answered."""
        if place.in_group:
            return await self._group_command(actor, place, COMMANDS.get(name), argument)
        left = name != "cancelar" and await self._leave_dialogue(actor)
        reply = await self._private_command(actor, place, name, argument, commission_id)
        return texts.question_left(reply) if left and isinstance(reply, Message) else reply

    async def _private_command(
        self, actor: Actor, place: Place, name: str, argument: str, commission_id: int | None
    ) -> Reply:
        command = COMMANDS.get(name)
        if command is None:
            return self._guessed(actor, f"{name} {argument}")
        if not command.in_private:
            return texts.only_in_group(name)
        seats = seats_for(actor, command.permission, commission_id)
        if command.permission is not None and not seats:
            return texts.not_allowed(name) if actor.seats else texts.greeting(actor.name, reads_plan=False, former=True)
        return await self._run(actor, place, command, seats, argument)

    async def _group_command(self, actor: Actor, place: Place, command: Command | None, argument: str) -> Reply:
        if command is None:
            return None
        if command.in_any_group:
            seats = seats_for(actor, command.permission, None)
            return await self._run(actor, place, command, seats, argument) if seats else None
        if not _heard(actor, place):
            return None
        if not command.in_group:
            return texts.in_private(command.name, place.bot)
        seats = _of_group(seats_for(actor, command.permission, None), place)
        return await self._run(actor, place, command, seats, argument) if seats else None

    async def _run(self, actor: Actor, place: Place, command: Command, seats: tuple[Seat, ...], argument: str) -> Reply:
        if command.permission is not None and len(seats) > 1 and not command.every_seat:
            choices = [(seat.commission_id, seat.commission) for seat in seats]
            return texts.choose_commission(command.name, argument, choices)
        return await command.run(self._turn(actor, place, seats, argument=argument))

    async def tap(self, actor: Actor, place: Place, action: Action) -> Reply:
        """Do what a button asks for, or say that it is not this person's to ask."""
        if isinstance(action, RunCommand):
            if action.name not in COMMANDS:
                return texts.stale()
            return await self.command(actor, place, action.name, action.argument, action.commission or None)
        tap = TAPS.get(type(action))
        if tap is None:
            return texts.stale()
        seats = seats_for(actor, tap.permission, getattr(action, "commission", None))
        stands_here = tap.in_any_group if place.in_group else tap.in_private
        if place.in_group and not tap.in_any_group:
            if not _heard(actor, place):
                return None
            seats, stands_here = _of_group(seats, place), tap.in_group
        if not stands_here or (tap.permission is not None and not seats):
            return texts.not_yours()
        return await tap.run(self._turn(actor, place, seats), action)

    async def text(self, actor: Actor, place: Place, text: str) -> Reply:
        """Answer what somebody wrote in private that is no command: an awaited answer, or nearly a command."""
        waiting = await self._services.dialogues.awaited(actor.person_id)
        if place.attachment is not None and not _takes_file(waiting):
            seats = seats_for(actor, FILES.permission, None)
            if seats:
                return await self._file(actor, place, seats, waiting, text.strip())
            if actor.seats and (waiting is None or not text.strip()):
                return texts.no_file(lists_members="integrantes" in menu(actor))
        if not text.strip() and not (place.attachment is not None and _takes_file(waiting)):
            return texts.only_text()
        meant = guess(text, menu(actor))
        if waiting is not None and not (meant and meant.complete):
            return await self._answer(actor, place, waiting, text.strip())
        if meant is not None and meant.certain:
            return await self.command(actor, place, meant.command, meant.argument)
        return self._guessed(actor, text)

    async def _file(
        self, actor: Actor, place: Place, seats: tuple[Seat, ...], waiting: Waiting | None, caption: str
    ) -> Reply:
        """Take a file that nobody asked for, unless words are awaited: they come first."""
        answer = ANSWERS.get(waiting.topic) if waiting and not waiting.expired else None
        if answer is not None and not answer.optional:
            return texts.answer_first()
        return await FILES.run(self._turn(actor, place, seats, argument=caption))

    async def _answer(self, actor: Actor, place: Place, waiting: Waiting, text: str) -> Reply:
        answer = ANSWERS.get(waiting.topic)
        if answer is None or waiting.expired:
            await self._services.dialogues.end(actor.person_id)
            return texts.expired()
        seats = seats_for(actor, answer.permission, waiting.data["commission"])
        if not seats:
            await self._services.dialogues.end(actor.person_id)
            return texts.not_yours()
        return await answer.run(self._turn(actor, place, seats, argument=text, data=waiting.data))

    async def _leave_dialogue(self, actor: Actor) -> bool:
        """End a wait that does not outlive a command. Return whether the person should be told."""
        waiting = await self._services.dialogues.awaited(actor.person_id)
        answer = ANSWERS.get(waiting.topic) if waiting else None
        if waiting is None or answer is None or not (answer.optional or answer.acts_at_once):
            return False
        await self._services.dialogues.end(actor.person_id)
        return answer.acts_at_once and not waiting.expired

    def _guessed(self, actor: Actor, text: str) -> Reply:
        meant = guess(text, menu(actor))
        return texts.not_understood(meant.command, meant.argument) if meant else texts.not_understood(None)

    def _turn(
        self,
        actor: Actor,
        place: Place,
        seats: tuple[Seat, ...],
        *,
        argument: str = "",
        data: dict[str, object] | None = None,
    ) -> Turn:
        return Turn(
            services=self._services,
            actor=actor,
            seats=seats,
            argument=argument,
            data=data or {},
            bot=place.bot,
            chat_id=place.chat_id,
            chat_title=place.title,
            message_id=place.message_id,
            attachment=place.attachment,
            download=place.download,
            in_group=place.in_group,
            menu=group_menu() if place.in_group else menu(actor),
        )


def _takes_file(waiting: Waiting | None) -> bool:
    """Tell whether a file is, or is part of, the answer that is awaited."""
    answer = ANSWERS.get(waiting.topic) if waiting and not waiting.expired else None
    return answer is not None and answer.takes_files


def _heard(actor: Actor, place: Place) -> bool:
    """Tell whether the bot answers that person in that group at all."""
    return bool(_of_group(actor.seats, place))


def _of_group(seats: tuple[Seat, ...], place: Place) -> tuple[Seat, ...]:
    return tuple(seat for seat in seats if seat.commission_id == place.commission_id and speaks_in_group(seat))
