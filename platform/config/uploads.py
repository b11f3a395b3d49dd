"""How an upload is received: a disk that is full is told to the view. (Of a body that was cut off no file comes at all.)"""

import contextlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class LostFile(SimpleUploadedFile):
    """A file for which the disk had no room: empty, and `is_lost` says why."""

    is_lost = True


class CarefulFileHandler(TemporaryFileUploadHandler):
    """Django's own, but a full disk is no error of the server: the form comes through, with a file that is lost."""

    is_lost = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open a temporary file."""
        self.is_lost = False
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self.is_lost = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write a piece; after one that the disk did not take, the others are only counted."""
        if not self.is_lost:
            try:
                super().receive_data_chunk(raw_data, start)
                self.file.flush()
            except OSError:
                self._lose()
        return None

    def file_complete(self, file_size: int) -> Any:
        """Give the file, or one that is lost."""
        if self.is_lost:
            return LostFile(self.file_name or "", b"", self.content_type or "")
        return super().file_complete(file_size)

    def _lose(self) -> None:
        self.is_lost = True
        # closing flushes what the disk does not take; the temporary file is gone all the same
        with contextlib.suppress(OSError):
            self.file.close()
