"""Hyperparameters of PyTorch's optimizers."""

import math
from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor

Hyperparameter = float | Tensor | Callable[[int, float], float]


class Interval(NamedTuple):
    """Where the values of a hyperparameter may be."""

    low: float
    high: float
    has_low: bool
    has_high: bool

    def holds(self, x: float, *, is_scheduled: bool) -> bool:
        """What changes from step to step may reach finite ends: rates begin at 0."""
        reaches = is_scheduled and math.isfinite(x)
        above = x > self.low or (x == self.low and (self.has_low or reaches))
        below = x < self.high or (x == self.high and (self.has_high or reaches))
        return above and below

    def __str__(self) -> str:
        begin = "[" if self.has_low else "("
        end = "]" if self.has_high else ")"
        return f"{begin}{self.low:g}, {self.high:g}{end}"


def value_at(
    name: str,
    given: Hyperparameter,
    t: int,
    total_steps: int | None,
    interval: Interval,
) -> float:
    """The value of a hyperparameter at step ``t``.

    Raises:
        ValueError: It is outside its interval, or depends on a number of steps
            that is not given.
    """
    if callable(given) and not isinstance(given, Tensor):
        value = float(given(t, math.nan if total_steps is None else total_steps))
        if math.isnan(value) and total_steps is None:
            raise ValueError(
                f"{name} is no number at step {t}; if it depends on the number of "
                "steps, give total_steps"
            )
    else:
        value = float(given)
    if not interval.holds(value, is_scheduled=True):
        raise ValueError(f"{name} is {value:g}; it must be in {interval}")
    return value


def check_hyperparameter(name: str, given: Hyperparameter, interval: Interval) -> None:
    """Refuse what can never be the value of a hyperparameter.

    Raises:
        TypeError: It is neither a number, a tensor of one number nor a function.
        ValueError: It is a number outside its interval.
    """
    if isinstance(given, Tensor):
        if given.numel() != 1:
            raise TypeError(f"{name} is a tensor of {given.numel()} numbers, not one")
    elif callable(given):
        return
    elif isinstance(given, bool) or not isinstance(given, (int, float)):
        raise TypeError(
            f"{name} must be a number, a tensor of one number or a function of the "
            f"step and the number of steps, not {type(given).__name__}"
        )
    value = float(given)
    if not interval.holds(value, is_scheduled=False):
        raise ValueError(f"{name} is {value:g}; it must be in {interval}")
