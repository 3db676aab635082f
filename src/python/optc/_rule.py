"""Rules, and what they become in a framework."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from optc._checking import Report, RuleError, check_input
from optc._compiled import compiled, imported
from optc._plotting import Plot, plot_input

if TYPE_CHECKING:
    import torch


class Rule:
    """The rules of a file or of a text. Nothing is compiled before it is asked for, and nothing twice."""

    def __init__(self, path: str, text: str | None = None, name: str | None = None) -> None:
        """Takes a path, or `-` and a text; use `optc.load` or `optc.loads`."""
        self._path = path
        self._text = text
        self._name = name

    def __repr__(self) -> str:
        shown = "text" if self._text is not None else self._path
        return f"<optc.Rule {shown}{'' if self._name is None else f' {self._name}'}>"

    def __getitem__(self, name: str) -> Rule:
        """One of several optimizers of a file."""
        return Rule(self._path, self._text, name)

    def check(self) -> Report:
        """Gives the warnings.

        Raises:
            RuleError: If there are errors.
        """
        return check_input(self._path, self._text)

    def source(self, target: str) -> str:
        """The text of a module for a target: `pytorch`, `optax`, `keras`, `ts` or `kernels`.

        Raises:
            RuleError: If the rule has errors, or the target cannot express it.
        """
        return compiled(self._path, self._text, target).read_text(encoding="utf-8")

    def module(self, target: str) -> ModuleType:
        """The Python module for a target: `pytorch`, `optax` or `keras`.

        Raises:
            RuleError: If the rule has errors, or the target cannot express it.
            ImportError: If the framework is not installed.
        """
        return imported(compiled(self._path, self._text, target))

    def _only(self, target: str, is_optimizer: Callable[[Any], bool]) -> Any:
        """The optimizer of a module, or the one that was chosen by name."""
        module = self.module(target)
        exported = {name: getattr(module, name) for name in module.__all__}
        found = {name: each for name, each in exported.items() if is_optimizer(each)}
        if self._name is not None:
            wanted = _plain(self._name)
            chosen = [each for name, each in found.items() if _plain(name) == wanted]
            if len(chosen) == 1:
                return chosen[0]
            raise KeyError(f"{self!r}: there is no such optimizer, but {', '.join(found) or 'none at all'}")
        if len(found) == 1:
            return next(iter(found.values()))
        if not found:
            raise RuleError(f"{self!r} has no optimizer")
        names = ", ".join(found)
        raise RuleError(f"{self!r} has several optimizers: choose one, rule[NAME], of {names}")

    @property
    def torch(self) -> type[torch.optim.Optimizer]:
        """The rule as a class of `torch.optim.Optimizer`."""
        from torch.optim import Optimizer

        found: type[torch.optim.Optimizer] = self._only(
            "pytorch", lambda each: isinstance(each, type) and issubclass(each, Optimizer)
        )
        return found

    @property
    def optax(self) -> Callable[..., Any]:
        """The rule as a function of its hyperparameters, which gives an `optax.GradientTransformation`."""
        found: Callable[..., Any] = self._only(
            "optax", lambda each: isinstance(each, FunctionType) and _is_transformation(each)
        )
        return found

    @property
    def keras(self) -> type[Any]:
        """The rule as a class of `keras.optimizers.Optimizer`."""
        from keras.optimizers import Optimizer

        found: type[Any] = self._only("keras", lambda each: isinstance(each, type) and issubclass(each, Optimizer))
        return found

    def plot(
        self,
        *,
        steps: int | None = None,
        lr: float | str | None = None,
        task: str | os.PathLike[str] | None = None,
        inside: bool = False,
        **values: float,
    ) -> Plot:
        """Draws the rule; the arguments are those of `optc.plot`."""
        return plot_input([self._path], self._text, self._name, steps, lr, task, inside, values)


def load(path: str | os.PathLike[str], name: str | None = None) -> Rule:
    """Rules of a file.

    Args:
        path: A file, or `std/NAME` for one of the standard library.
        name: The optimizer, where the file has several.
    """
    return Rule(os.fspath(path), None, name)


def loads(text: str, name: str | None = None) -> Rule:
    """Rules of a text, which may import from the standard library and from files in the current folder.

    Args:
        text: The rules.
        name: The optimizer, where the text has several.
    """
    return Rule("-", text, name)


def _plain(name: str) -> str:
    """A name without what tells `ScheduleFreeAdamW` from `schedule_free_adamw`."""
    return name.replace("_", "").lower()


def _is_transformation(function: FunctionType) -> bool:
    """Whether a function of a compiled module gives a transformation; others are schedules."""
    return str(function.__annotations__.get("return", "")).startswith("optax.GradientTransformation")
