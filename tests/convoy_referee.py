"""The independent judge of convoy plans, run as it is."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from types import ModuleType

from tests.storms.run_referee import referee_folder

REFEREE = referee_folder().parent / "convoy"


@cache
def tool(name: str) -> ModuleType:
    """A module of the referee; its own imports are found beside it."""
    sys.path.insert(0, str(REFEREE))
    try:
        found = importlib.util.spec_from_file_location(name, REFEREE / f"{name}.py")
        assert found is not None and found.loader is not None
        module = importlib.util.module_from_spec(found)
        sys.modules[name] = module
        found.loader.exec_module(module)
    finally:
        sys.path.remove(str(REFEREE))
    return module
