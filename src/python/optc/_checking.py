"""What the compiler says about a rule."""

from __future__ import annotations

import html
import json
import os
from dataclasses import dataclass
from subprocess import CompletedProcess
from typing import Any

from optc._node import run


@dataclass(frozen=True)
class Report:
    """What is wrong with a rule, in words and as data.

    Attributes:
        text: The diagnostics as the command line prints them; empty where all is well.
        diagnostics: The same as dictionaries: `code`, `severity`, `message`, `start`, `end`, `fix`, ...
    """

    text: str
    diagnostics: tuple[dict[str, Any], ...]

    @property
    def errors(self) -> tuple[dict[str, Any], ...]:
        """Those that keep the rule from being compiled."""
        return tuple(each for each in self.diagnostics if each["severity"] == "error")

    @property
    def warnings(self) -> tuple[dict[str, Any], ...]:
        """Those that do not."""
        return tuple(each for each in self.diagnostics if each["severity"] == "warning")

    def __repr__(self) -> str:
        return self.text or "nothing to report"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"


class RuleError(ValueError):
    """A rule does not compile. Its text is what the compiler prints.

    Attributes:
        diagnostics: The same as dictionaries, where the compiler was asked for them.
    """

    def __init__(self, text: str, diagnostics: tuple[dict[str, Any], ...] = ()) -> None:
        """Takes what the compiler printed, and the same as data."""
        super().__init__(text)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        # Lines of a diagnostic stand below each other.
        return f"\n{self.args[0]}"


def check(path: str | os.PathLike[str]) -> Report:
    """Checks a file of rules.

    Args:
        path: A file, or `std/NAME` for one of the standard library.

    Returns:
        The warnings.

    Raises:
        RuleError: If there are errors.
        FileNotFoundError: If there is no such file.
        NodeError: If there is no Node that can run the compiler.
    """
    return check_input(os.fspath(path), None)


def check_input(path: str, text: str | None) -> Report:
    """As `check`; of the path `-`, `text` is checked."""
    told = run(["check", path, "--json"], text)
    if told.returncode not in (0, 1) or not told.stdout:
        raise failure(told, path)
    found = tuple(json.loads(told.stdout)["diagnostics"])
    shown = run(["check", path], text).stdout.strip() if found else ""
    report = Report(shown, found)
    if report.errors:
        raise RuleError(report.text, report.diagnostics)
    return report


def failure(told: CompletedProcess[str], path: str) -> Exception:
    """The exception for a call that failed for another reason than what the rule says."""
    if path != "-" and not path.startswith("std/") and not os.path.exists(path):
        return FileNotFoundError(told.stderr.strip())
    return RuleError((told.stderr or told.stdout).strip())
