"""The people, the groups and the bot of the simulated Telegram."""

from dataclasses import dataclass, field
from typing import Literal

from prep_bot.simulation.api import Json, bad_request, forbidden

Status = Literal["creator", "member", "left", "kicked"]


@dataclass(eq=False)
class SimulatedBot:
    """The bot itself, as people see it."""

    id: int
    username: str
    name: str = "PREP de prueba"

    def as_json(self) -> Json:
        """Return the bot as a User of the Bot API."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}


@dataclass(eq=False)
class SimulatedUser:
    """A person, who is also their own private chat with the bot."""

    id: int
    name: str
    language_code: str
    username: str | None = None
    started: bool = False
    blocked: bool = False

    def as_json(self) -> Json:
        """Return the person as a User of the Bot API."""
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": self.language_code,
            **self._username(),
        }

    def chat_json(self) -> Json:
        """Return the private chat as a Chat of the Bot API."""
        return {"id": self.id, "type": "private", "first_name": self.name, **self._username()}

    def _username(self) -> Json:
        return {} if self.username is None else {"username": self.username}

    def check_writable(self) -> None:
        """Raise ApiError unless the bot may write to this person."""
        if self.blocked:
            raise forbidden("bot was blocked by the user")
        if not self.started:
            raise forbidden("bot can't initiate conversation with a user")


@dataclass(eq=False)
class SimulatedGroup:
    """A group, of the basic kind until it is upgraded: its id changes then."""

    id: int
    title: str
    supergroup: bool = False
    members: dict[int, Status] = field(default_factory=dict)
    bot: Status | None = None

    def add(self, user: SimulatedUser, *, creator: bool = False) -> None:
        """Make the person a member, or the group's creator."""
        self.members[user.id] = "creator" if creator else "member"

    @property
    def kind(self) -> str:
        """Return the type of the chat, in the Bot API's words."""
        return "supergroup" if self.supergroup else "group"

    def chat_json(self) -> Json:
        """Return the group as a Chat of the Bot API."""
        return {"id": self.id, "type": self.kind, "title": self.title}

    def check_writable(self) -> None:
        """Raise ApiError unless the bot may write to this group."""
        match self.bot:
            case None:
                raise bad_request("chat not found")
            case "kicked":
                raise forbidden(f"bot was kicked from the {self.kind} chat")
            case "left":
                raise forbidden(f"bot is not a member of the {self.kind} chat")


SimulatedChat = SimulatedUser | SimulatedGroup


def member_json(user: Json, status: Status) -> Json:
    """Return a ChatMember of the Bot API."""
    member: Json = {"user": user, "status": status}
    if status == "creator":
        member["is_anonymous"] = False
    if status == "kicked":
        member["until_date"] = 0
    return member
