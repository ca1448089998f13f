"""Everybody who takes part in the demo, and what several of its scenes have in common."""

from dataclasses import dataclass, field
from datetime import date

from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.month import Month
from prep_bot.simulation.expectation.history import Act
from prep_bot.simulation.people import SimulatedGroup
from prep_bot.simulation.play import Play, Player

PLACE = "Sala de sesiones del Consejo General"


@dataclass
class Company:
    """Everybody who takes part."""

    play: Play
    presidency: Player
    councillor_1: Player
    councillor_2: Player
    secretary: Player
    unit: Player
    party_1: Player
    party_2: Player
    party_2_new: Player
    guest: Player
    stranger: Player
    group: SimulatedGroup = field(init=False)
    codes: dict[Player, str] = field(default_factory=dict)
    """Of the invitations of the first day."""

    async def dates(self, number: int, starts: str, *steps: str) -> None:
        """Let the secretary give a session its date, by saying and tapping these `steps`; `starts` is what is meant."""
        await self.secretary.talks(*steps)
        self.play.notes(number, Act.DATED, starts)

    async def adds(self, number: int, kind: MeetingKind, starts: str, *steps: str) -> None:
        """Let the secretary add a session that the plan does not have, with its date."""
        await self.secretary.talks(*steps)
        month = Month.of(date.fromisoformat(starts.partition(" ")[0]))
        self.play.diary.added[number] = (self.play.acted_at, kind, month)
        self.play.notes(number, Act.DATED, starts)

    async def convenes(self, number: int, *steps: str, sends: str = "") -> None:
        """Let the secretary convene a session; `sends` is when it is to go out, if not at once."""
        await self.secretary.talks(*steps)
        self.play.notes(number, Act.CONVENED, sends=sends, by=self.secretary.name)

    async def notifies(self, number: int, name: str, means: str, when: str) -> None:
        """Let the secretary record, on the board, that somebody was notified by other means."""
        await self.secretary.talks("[Notificada por otro medio]", f"[⚪ {name}]", means, when)
        self.play.diary.told.append((self.play.acted_at, number, name))

    async def closes(self, number: int, *remark: str) -> None:
        """Let the secretary note that a session was held."""
        await self.secretary.talks(f"/sesion {number}", "[Marcar celebrada]", *(remark or ("[Sin observaciones]",)))
        self.play.notes(number, Act.HELD)

    async def acknowledge(self, *when: tuple[str, Player]) -> None:
        """Let people acknowledge the newest convocation, each at their moment."""
        for moment, player in when:
            await self.play.at(moment)
            await player.acknowledges()
