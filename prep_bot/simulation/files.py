"""Files that people and the bot send: documents and pictures."""

import struct
from dataclasses import dataclass
from typing import Literal

from prep_bot.simulation.api import Json, Upload, bad_request

_MAX_DOWNLOAD = 20 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_JPEG_SIZE = (1280, 720)  # the simulation does not decode pictures; a PNG tells its size up front

Kind = Literal["document", "photo"]


@dataclass(frozen=True)
class StoredFile:
    """A file that Telegram keeps."""

    id: str
    kind: Kind
    name: str
    mime_type: str
    data: bytes
    path: str
    size: tuple[int, int] = (0, 0)

    def as_json(self) -> Json:
        """Return the file as a File of the Bot API.

        Raises ApiError when it is too big for a bot to download.
        """
        if len(self.data) > _MAX_DOWNLOAD:
            raise bad_request("file is too big")
        return {**self._identity(), "file_path": self.path}

    def fields(self) -> Json:
        """Return the field of a Message of the Bot API that carries this file."""
        if self.kind == "photo":
            width, height = self.size
            return {"photo": [{**self._identity(), "width": width, "height": height}]}
        return {"document": {**self._identity(), "file_name": self.name, "mime_type": self.mime_type}}

    def _identity(self) -> Json:
        return {"file_id": self.id, "file_unique_id": f"u{self.id}", "file_size": len(self.data)}


class Files:
    """All the files that this Telegram keeps, by their id."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def keep(self, kind: Kind, upload: Upload) -> StoredFile:
        """Keep a file and give it an id.

        Raises ApiError for an empty file and for a picture that is none, or of a shape that Telegram refuses.
        """
        if not upload.data:
            raise bad_request("file must be non-empty")
        number = len(self._by_id) + 1
        size = _picture_size(upload.data) if kind == "photo" else (0, 0)
        path = f"{kind}s/file_{number}" + (f".{upload.name.rpartition('.')[2]}" if "." in upload.name else "")
        file = StoredFile(f"FILE-{kind}-{number}", kind, upload.name, upload.mime_type, upload.data, path, size)
        self._by_id[file.id] = self._by_path[path] = file
        return file

    def by_id(self, file_id: str) -> StoredFile | None:
        """Return the file of that id, None where there is none."""
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        """Return the file that is downloaded from that path, None where there is none."""
        return self._by_path.get(path)


def _picture_size(data: bytes) -> tuple[int, int]:
    if data.startswith(_JPEG):
        return _JPEG_SIZE
    if not data.startswith(_PNG) or len(data) < 24:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", data[16:24])
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height
