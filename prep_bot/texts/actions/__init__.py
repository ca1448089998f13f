"""What a button asks for, a module per family. All are imported here, so that `decode` knows every one of them."""

from prep_bot.texts.actions import (
    agenda,
    annexes,
    announcements,
    answers,
    calendar,
    convening,
    general,
    people,
    petitions,
    plan,
    rolls,
)

__all__ = [
    "agenda",
    "annexes",
    "announcements",
    "answers",
    "calendar",
    "convening",
    "general",
    "people",
    "petitions",
    "plan",
    "rolls",
]
