"""Pictures of rules."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from optc._checking import failure
from optc._node import run


@dataclass(frozen=True)
class Plot:
    """A picture, which notebooks show.

    Attributes:
        svg: The picture as a text of SVG.
    """

    svg: str

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the picture as an `.svg` file."""
        Path(path).write_text(self.svg, encoding="utf-8")


def plot(
    *paths: str | os.PathLike[str],
    name: str | None = None,
    steps: int | None = None,
    lr: float | str | None = None,
    task: str | os.PathLike[str] | None = None,
    inside: bool = False,
    **values: float,
) -> Plot:
    """Draws schedules and decays as curves, optimizers as their paths on test surfaces.

    Args:
        *paths: Files, or `std/NAME` for those of the standard library.
        name: The optimizer, schedule or decay, where a file has several.
        steps: The total number of steps T.
        lr: The learning rate of optimizers: a number, `"default"` for the rule's own, or `"auto"`, which searches for
            a good one.
        task: A task, or a file of one, whose curves are drawn.
        inside: Draw the schedules inside an optimizer.
        **values: Arguments and hyperparameters, by their names.

    Raises:
        RuleError: If a rule has errors, or cannot be drawn so.
        FileNotFoundError: If there is no such file.
        NodeError: If there is no Node that can run the compiler.
    """
    return plot_input([os.fspath(path) for path in paths], None, name, steps, lr, task, inside, values)


def plot_input(
    paths: list[str],
    text: str | None,
    name: str | None,
    steps: int | None,
    lr: float | str | None,
    task: str | os.PathLike[str] | None,
    inside: bool,
    values: dict[str, float],
) -> Plot:
    """As `plot`; of the path `-`, `text` is drawn."""
    options = {
        "--name": name,
        "--steps": steps,
        "--lr": lr,
        "--task": task,
        "--set": ",".join(f"{key}={value!r}" for key, value in values.items()) or None,
    }
    given = [part for key, value in options.items() if value is not None for part in (key, str(value))]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "plot.svg"
        told = run(["plot", *paths, *given, *(["--inside"] if inside else []), "--out", str(out)], text)
        if told.returncode != 0:
            missing = (path for path in paths if not os.path.exists(path))
            raise failure(told, next(missing, "-"))
        return Plot(out.read_text(encoding="utf-8"))
