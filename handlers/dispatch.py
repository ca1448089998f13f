"""From what somebody said or tapped to its handler: the one place where permissions are enforced. No Telegram here."""

from dataclasses import dataclass

from handlers.speech import guess
from handlers.table import ANSWERS, COMMANDS, TAPS, group_menu, menu, seats_for, speaks_in_group
from handlers.turn import Command, Reply, Tap, Turn
from prep_bot.services.container import Services
from prep_bot.services.dialogues import Waiting
from prep_bot.services.identity import Actor, Seat
from prep_bot.texts import help as texts
from prep_bot.texts.actions import Action, RunCommand


@dataclass(frozen=True)
class Place:
    """Where somebody speaks."""

    chat_id: int
    bot: str
    """The bot's user name."""
    title: str = ""
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
        command = COMMANDS.get(name)
        if place.in_group:
            return await self._group_command(actor, place, command, argument)
        await self._leave_optional_dialogue(actor)
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
        if place.commission_id is None:
            return None
        seats = _speaking(seats_for(actor, command.permission, place.commission_id))
        if not command.in_group:
            return texts.in_private(command.name, place.bot) if _speaking(actor.seats) else None
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
        seats = _tapping_seats(actor, place, tap, action)
        if tap.permission is not None and not seats:
            return texts.not_yours()
        return await tap.run(self._turn(actor, place, seats), action)

    async def text(self, actor: Actor, place: Place, text: str) -> Reply:
        """Answer what somebody wrote in private that is no command: an awaited answer, or nearly a command."""
        waiting = await self._services.dialogues.awaited(actor.person_id)
        if waiting is not None and text.strip().casefold() not in COMMANDS:
            return await self._answer(actor, place, waiting, text.strip())
        meant = guess(text, menu(actor))
        if meant is not None and meant.certain:
            return await self.command(actor, place, meant.command, meant.argument)
        return self._guessed(actor, text)

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

    async def _leave_optional_dialogue(self, actor: Actor) -> None:
        waiting = await self._services.dialogues.awaited(actor.person_id)
        answer = ANSWERS.get(waiting.topic) if waiting else None
        if answer is not None and answer.optional:
            await self._services.dialogues.end(actor.person_id)

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
            in_group=place.in_group,
            menu=group_menu() if place.in_group else menu(actor),
        )


def _speaking(seats: tuple[Seat, ...]) -> tuple[Seat, ...]:
    return tuple(seat for seat in seats if speaks_in_group(seat))


def _tapping_seats(actor: Actor, place: Place, tap: Tap, action: Action) -> tuple[Seat, ...]:
    wanted: int | None = getattr(action, "commission", None)
    if not place.in_group or tap.in_any_group:
        return seats_for(actor, tap.permission, wanted)
    if not tap.in_group or place.commission_id is None or wanted not in (None, place.commission_id):
        return ()
    return _speaking(seats_for(actor, tap.permission, place.commission_id))
