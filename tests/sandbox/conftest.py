"""Children behind each fence this machine can make, and a way to tell them what to try."""

import ast
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.processes import Child, Limits, Tier, Warm, tiers

INSIDE = {"inside.py": Path(__file__).with_name("inside.py").read_bytes()}
LIMITS = Limits(
    memory_mib=300,
    address_mib=1024,
    cpu_seconds=20,
    processes=30,
    file_mib=8,
    disk_mib=32,
    frame_mib=4,
)
NAMESPACES = ("bubblewrap", "namespaces")
REFUSED = {
    "FileNotFoundError",
    "PermissionError",
    "OSError",
    "ProcessLookupError",
    "ConnectionRefusedError",
}


def behind(name: str) -> str:
    if why_not := tiers.trial(name):
        pytest.skip(f"no {name} on this machine: {why_not}")
    return name


@pytest.fixture(scope="package", params=["bubblewrap", "namespaces", "landlock"])
def fence(request: pytest.FixtureRequest) -> str:
    return behind(request.param)


@pytest.fixture(scope="package")
def warm(fence: str) -> Iterator[Warm]:
    os.environ["INSTRUCTOR_TOKEN"] = "token-of-the-instructor"
    with Warm(Tier(fence), LIMITS) as worker:
        yield worker


@pytest.fixture
def child(warm: Warm) -> Iterator[Child]:
    with warm.fork("inside:obey", modules=INSIDE, files={"week01.txt": b"mine"}) as made:
        yield made


@pytest.fixture
def sibling(warm: Warm) -> Iterator[Child]:
    with warm.fork("inside:obey", modules=INSIDE, files={"secret.txt": b"s"}) as made:
        yield made


@pytest.fixture
def tries(child: Child) -> Callable[[str], Any]:
    return lambda text: told(child, text)


def told(child: Child, text: str, *, seconds: float = 20) -> Any:
    """Have *child* run *text*; give back what it answers."""
    child.channel.send(text.encode(), seconds=5)
    return ast.literal_eval(child.channel.receive(seconds=seconds).decode())
