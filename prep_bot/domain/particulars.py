"""To what a convocation convenes, exactly: kept with it, so that a year later it still says what it said."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from prep_bot.domain.meeting import MeetingKind, Modality


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Paper(_Frozen):
    """One version of an annex."""

    series: int
    """The annex, whose versions replace one another."""
    version: int
    name: str
    sha256: str
    size: int
    """Bytes."""


class Point(_Frozen):
    """A point of the agenda (punto del orden del día)."""

    text: str
    papers: tuple[Paper, ...] = ()


class Particulars(_Frozen):
    """A session as it is convened."""

    kind: MeetingKind
    name: str
    call: int = 1
    starts_at: AwareDatetime
    modality: Modality | None = None
    place: str = ""
    link: str = ""
    points: tuple[Point, ...] = ()
    papers: tuple[Paper, ...] = ()
    """Annexes that belong to no point."""
