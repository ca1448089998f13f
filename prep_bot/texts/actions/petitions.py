"""Buttons of petitions of an extraordinary session."""

from dataclasses import dataclass

from prep_bot.texts.actions.action import Action


@dataclass(frozen=True)
class ShowPetitions(Action):
    """The petitions of an extraordinary session that wait for signatures, or for the session."""

    tag = "sl"
    commission: int
    page: int = 0


@dataclass(frozen=True)
class ShowPetition(Action):
    """One petition, whole."""

    tag = "sv"
    commission: int
    petition: int


@dataclass(frozen=True)
class PresentPetition(Action):
    """Present the petition that the dialogue has prepared; `stamp` names its words."""

    tag = "sp"
    commission: int
    stamp: int


@dataclass(frozen=True)
class SignPetition(Action):
    """«Firmar»."""

    tag = "sf"
    commission: int
    petition: int


@dataclass(frozen=True)
class UnsignPetition(Action):
    """Take back one's signature."""

    tag = "sq"
    commission: int
    petition: int


@dataclass(frozen=True)
class WithdrawPetition(Action):
    """Withdraw one's petition."""

    tag = "sx"
    commission: int
    petition: int


@dataclass(frozen=True)
class PreparePetitioned(Action):
    """Prepare the extraordinary session that a majority asked for: its date is asked next."""

    tag = "sd"
    commission: int
    petition: int
