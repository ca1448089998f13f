"""The Bot API's envelope: the parameters of a call as they travel, and what comes back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A call that Telegram refuses: the HTTP status, the description and the response parameters."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(f"{status} {description}")
        self.status = status
        self.description = description
        self.parameters = parameters


def bad_request(description: str) -> ApiError:
    """Return the refusal of a call that can never succeed as it is."""
    return ApiError(400, f"Bad Request: {description}")


def forbidden(description: str) -> ApiError:
    """Return the refusal of a call that the bot may not make."""
    return ApiError(403, f"Forbidden: {description}")


def not_simulated(what: str) -> ApiError:
    """Return the refusal of something that Telegram has and this simulation does not."""
    return ApiError(501, f"Not Implemented: the simulation does not know {what}")


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: its status and its JSON body."""

    status: int
    body: bytes

    @classmethod
    def accepted(cls, result: object) -> "Answer":
        """Return the answer to a call that Telegram carried out."""
        return cls(200, json.dumps({"ok": True, "result": result}).encode())

    @classmethod
    def refused(cls, error: ApiError) -> "Answer":
        """Return the answer to a call that Telegram refused."""
        body: Json = {"ok": False, "error_code": error.status, "description": error.description}
        if error.parameters:
            body["parameters"] = error.parameters
        return cls(error.status, json.dumps(body).encode())


@dataclass(frozen=True)
class Upload:
    """A file sent along with a call."""

    name: str
    data: bytes
    mime_type: str


class Params:
    """The parameters of one call: strings, read with the type that the method expects."""

    def __init__(self, raw: Mapping[str, str], files: Mapping[str, Upload]) -> None:
        self._raw = raw
        self._files = files

    def text(self, name: str) -> str:
        """Return the parameter, or an empty string."""
        return self._raw.get(name, "")

    def integer(self, name: str, default: int = 0) -> int:
        """Return the parameter as a number, or the default where it is absent or no number, as Telegram does."""
        try:
            return int(self._raw[name])
        except (KeyError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """Return whether the parameter is set to true."""
        return self.text(name).lower() in ("true", "yes", "1")

    def json(self, name: str) -> Any:
        """Return the decoded parameter, None where it is absent.

        Raises ApiError when it is no JSON.
        """
        if not (raw := self.text(name)):
            return None
        try:
            return json.loads(raw)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def file(self, name: str) -> Upload | None:
        """Return the file uploaded under that name, None where there is none."""
        return self._files.get(self.text(name).removeprefix("attach://") or name)

    def as_dict(self) -> dict[str, str]:
        """Return the parameters as they travelled, each uploaded file as its name."""
        return {**self._raw, **{name: upload.name for name, upload in self._files.items()}}
