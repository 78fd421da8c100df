"""Uploaded lists as files that never touch a disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile


@contextmanager
def in_memory(file: UploadedFile[Any]) -> Iterator[Path]:
    """A path under which the upload can be read until the block ends."""
    descriptor = os.memfd_create("upload", os.MFD_CLOEXEC)
    try:
        with os.fdopen(os.dup(descriptor), "wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)
