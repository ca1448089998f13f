"""Whose a convocation is and whom it names, as its document says it: kept with it, whatever is corrected later."""

from pydantic import BaseModel, ConfigDict

from prep_bot.domain.role import Role


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class LetterPerson(_Frozen):
    """A person as they were named then."""

    person: int
    """Their id."""
    name: str
    """With its title."""
    role: Role
    position: str
    """As the plan called it; may be empty."""


class Letter(_Frozen):
    """All that the document of a convocation says beside its particulars. What was not known then is empty."""

    institution: str
    commission: str
    process: str
    city: str
    legal_basis: str
    """The act that created the commission."""
    convening: str
    """What the plan says about who convenes such a session."""
    addressees: tuple[LetterPerson, ...]
    made_by: LetterPerson
