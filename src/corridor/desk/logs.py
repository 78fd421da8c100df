"""Logs that give nobody away: what failed and where in the code, never with which values."""

from __future__ import annotations

import logging
import traceback


class BareFormatter(logging.Formatter):
    """Level, logger and place in the code; of an exception its type and lines, not its words."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, or a few for an exception."""
        told = f"{record.levelname} {record.name} {record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            places = [
                f"  {frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(trace)
            ]
            return "\n".join([f"{told} {kind.__name__}", *places])
        return told
