"""Whether somebody will come to a session: what they say beforehand, which proves nothing of their attendance."""

from enum import StrEnum

from prep_bot.domain.meeting import Modality


class Answer(StrEnum):
    """What a convened person answers; changeable until the session starts."""

    IN_PERSON = "in_person"
    """«Asistiré»."""
    REMOTE = "remote"
    """«A distancia»."""
    ABSENT = "absent"
    """«No asistiré»."""

    @property
    def attends(self) -> bool:
        """Whether they say that they will be there, in the room or at a distance."""
        return self is not Answer.ABSENT


def offered(modality: Modality | None) -> tuple[Answer, ...]:
    """Return what a session lets people answer: who cannot attend it so is not asked whether they will."""
    match modality:
        case Modality.IN_PERSON:
            return (Answer.IN_PERSON, Answer.ABSENT)
        case Modality.REMOTE:
            return (Answer.REMOTE, Answer.ABSENT)
        case _:
            return tuple(Answer)
