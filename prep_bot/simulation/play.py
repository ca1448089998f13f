"""The stage directions of a play: its people, the date, and each thing that somebody does in Telegram."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from prep_bot.domain.month import local_day
from prep_bot.domain.role import Role
from prep_bot.plans.document import PlanDocument
from prep_bot.simulation.diary import Diary
from prep_bot.simulation.expectation.history import Act, Step
from prep_bot.simulation.faults import Fault
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedChat, SimulatedGroup
from prep_bot.simulation.proof import Proof, prove
from prep_bot.simulation.scene import NoSuchButton
from prep_bot.simulation.stage import Stage
from prep_bot.simulation.transcript import GROUP, Event, Remark, line_of

PAUSE = timedelta(seconds=20)
"""Between one thing that somebody does and the next: people read before they write."""

_CODE = re.compile(r"\?start=([\w-]+)")


class Play:
    """One performance: what happens is shown to `watch` as it happens. Wall time is that of `zone`."""

    def __init__(self, stage: Stage, zone: ZoneInfo, watch: Callable[[Event], None]) -> None:
        self.stage = stage
        self.zone = zone
        self.accounts: dict[int, str] = {}
        """What each account is called in the transcript."""
        self.names: dict[int, str] = {}
        """The name by which the commission knows the person of each account."""
        self.events: list[Event] = []
        self.diary = Diary()
        self.proof: Proof | None = None
        """What the check of the constancia said, once there was one."""
        self._watch = watch
        self._heard = 0

    def player(self, name: str, *, account: str | None = None) -> "Player":
        """Bring a person on the stage, known to the commission as `name`.

        The second account of somebody has a name of its own.
        """
        player = Player(self, name, account or name)
        self.accounts[player.user.id] = player.account
        self.names[player.user.id] = name
        return player

    def group(self, title: str, creator: "Player", *others: "Player") -> SimulatedGroup:
        """Make a group of these people."""
        group = self.stage.telegram.group(title)
        group.add(creator.user, creator=True)
        for player in others:
            group.add(player.user)
        return group

    def scene(self, title: str) -> None:
        """Begin a scene."""
        self._show(Remark(self._now(), title, title=True))

    def tells(self, text: str, *to: "Player | SimulatedGroup") -> None:
        """Tell the audience what happens outside Telegram, to these people."""
        chats = frozenset(GROUP if isinstance(each, SimulatedGroup) else each.account for each in to)
        self._show(Remark(self._now(), text, chats=chats))

    async def at(self, moment: str) -> None:
        """Step the clock to `moment`, such as `2022-02-01 09:15`."""
        await self.stage.advance(self.instant(moment))
        self.listen()

    def instant(self, moment: str) -> datetime:
        """Return the instant of such a moment, wall time of the commission."""
        return datetime.fromisoformat(moment).replace(tzinfo=self.zone).astimezone(UTC)

    async def goes_down(self) -> None:
        """Let the bot stop: what people do from now on waits for it."""
        await self.stage.stop()
        self.diary.outages.append((self.stage.clock.now(), self.stage.clock.now()))

    async def comes_up(self) -> None:
        """Let the bot start again: it takes in what waited, and does what came due meanwhile."""
        (start, _) = self.diary.outages.pop()
        self.diary.outages.append((start, self.stage.clock.now()))
        await self.stage.start()
        await self.settles()

    def notes(self, number: int, act: Act, starts: str = "", *, sends: str = "", by: str = "") -> None:
        """Note in the diary what was just done with a session: its moments are such as `2022-02-24 11:00`."""
        starts_at = self.instant(starts) if starts else None
        sends_at = self.instant(sends) if sends else None
        self.diary.step(number, Step(self.acted_at, act, starts_at, sends_at, by))

    @property
    def acted_at(self) -> datetime:
        """The instant at which somebody last did something: the bot may have taken its time for the answer."""
        return next(entry.at for entry in reversed(self.stage.telegram.log) if entry.direction == "in")

    async def imports(self, plan: PlanDocument) -> None:
        """Let the operator import the plan."""
        self.diary.activated_at = self.diary.activated_at or self.stage.clock.now()
        await self.stage.services.plans.apply(plan)
        await self.settles()

    async def invites(self, name: str, role: Role) -> str:
        """Let the operator invite somebody; return the code."""
        (commission,) = await self.stage.services.commissions.all()
        made = await self.stage.services.invitations.create(commission.id, name, role, by=None)
        return made.code

    async def checks(self, constancia: bytes) -> None:
        """Let the operator check the log and a constancia's data, and a copy that somebody tampered with."""
        self.proof = await prove(self.stage.services.ledger, constancia)
        verdict = "no coincide" if self.proof.problems else "coincide"
        self.tells(
            f"Quien opera el bot ejecuta «prep-bot verify»: la bitácora está íntegra ({self.proof.entries} registros) "
            f"y la constancia {verdict} con ella. En una copia alguien cambió una hora: "
            + ("la comprobación lo señala." if self.proof.tampered else "la comprobación no lo nota.")
        )

    async def migrates(self, group: SimulatedGroup) -> None:
        """Let the group become a supergroup."""
        self.stage.telegram.migrates(group)
        await self.settles()

    async def pauses(self) -> None:
        """Let people read."""
        stage, then = self.stage, self.stage.clock.now() + PAUSE
        if stage.due is not None and stage.due <= then:
            await stage.advance(then)
        else:
            stage.clock.advance_to(then)

    async def settles(self) -> None:
        """Let the bot do all it will, and show it."""
        await self.stage.settle()
        self.listen()

    def listen(self) -> None:
        """Show what was said since the last time."""
        log = self.stage.telegram.log
        while self._heard < len(log):
            line = line_of(log[self._heard], self.accounts, self.zone)
            self._heard += 1
            if line is not None:
                self._show(line)

    def _show(self, event: Event) -> None:
        self.events.append(event)
        self._watch(event)

    @property
    def today(self) -> date:
        """The date where the commission is."""
        return local_day(self._now(), self.zone)

    def _now(self) -> datetime:
        return self.stage.clock.now().astimezone(self.zone)


class Player:
    """Somebody on the stage, with one Telegram account: what they can do there."""

    def __init__(self, play: Play, name: str, account: str) -> None:
        self.name = name
        self.account = account
        self.user = play.stage.telegram.user(account)
        self._play = play
        self._telegram = play.stage.telegram

    async def says(self, text: str, to: SimulatedGroup | None = None) -> SimulatedMessage:
        """Write to the bot, or to a group. Return the newest message there."""
        await self._play.pauses()
        said = await self._play.stage.says(self.user, text, to)
        self._play.listen()
        return said

    async def sends(self, name: str, content: bytes) -> SimulatedMessage:
        """Send the bot a document. Return the newest message there."""
        await self._play.pauses()
        self._telegram.sends_document(self.user, name, content)
        await self._play.settles()
        return self._telegram.last(self.user)

    async def taps(self, label: str, chat: SimulatedChat | None = None) -> SimulatedMessage:
        """Tap the newest button with that label; one that ends with `…` is only its beginning.

        Return the message that it led to. Raises NoSuchButton.
        """
        await self._play.pauses()
        if label.endswith("…"):
            label = self._label(label[:-1], chat or self.user)
        shown = await self._play.stage.taps(self.user, label, chat=chat)
        self._play.listen()
        return shown

    def _label(self, beginning: str, chat: SimulatedChat) -> str:
        for message in reversed(self._telegram.messages(chat)):
            for label in (label for row in message.buttons for label in row):
                if label.startswith(beginning):
                    return label
        raise NoSuchButton(f"no button begins with {beginning!r}")

    async def talks(self, *steps: str) -> None:
        """Write each step to the bot, or tap it if it is in brackets."""
        for step in steps:
            if step.startswith("["):
                await self.taps(step[1:-1])
            else:
                await self.says(step)

    async def acknowledges(self) -> None:
        """Acknowledge the newest convocation."""
        await self.taps("Acusar recibo")

    def misses(self, fault: Fault) -> None:
        """Let that befall the next message that the bot sends to this person."""
        self._telegram.fail_next("sendMessage", fault, chat=self.user)

    async def enrols(self, code: str) -> None:
        """Open an invitation's link, read the privacy notice and accept it."""
        await self.says(f"/start {code}")
        await self.taps("Acepto")

    async def asks_for_link(self, role: str, name: str) -> str:
        """Invite somebody from the chat. Return the code, which is handed on by other means."""
        await self.says("/invitar")
        await self.taps(role)
        return code_in(await self.says(name))

    async def records(self, number: int, state: str, note: str = "") -> None:
        """Record how an activity stands, perhaps with a note."""
        await self.says(f"/registrar {number}")
        await self.taps(state)
        if note:
            await self.says(note)

    async def adds_bot(self, group: SimulatedGroup) -> None:
        """Bring the bot into a group."""
        await self._play.pauses()
        self._telegram.add_bot(group, self.user)
        await self._play.settles()

    async def blocks(self) -> None:
        """Block the bot."""
        await self._play.pauses()
        self._telegram.blocks(self.user)
        await self._play.settles()

    async def unblocks(self) -> None:
        """Unblock the bot."""
        await self._play.pauses()
        self._telegram.unblocks(self.user)
        await self._play.settles()


def code_in(invitation: SimulatedMessage) -> str:
    """Return the code in the link of a message that carries an invitation. Raises LookupError when it has none."""
    match = _CODE.search(invitation.text)
    if match is None:
        raise LookupError("that message carries no invitation")
    return match[1]
