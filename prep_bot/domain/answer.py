"""Whether somebody will come to a session: what they say beforehand, which proves nothing of their attendance."""

from enum import StrEnum


class Answer(StrEnum):
    """What a convened person answers; changeable until the session starts."""

    IN_PERSON = "in_person"
    """«Asistiré»."""
    REMOTE = "remote"
    """«A distancia»."""
    ABSENT = "absent"
    """«No asistiré»."""
