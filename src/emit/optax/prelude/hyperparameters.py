"""Hyperparameters of transformations: numbers and schedules."""

from typing import Any

import jax
import optax

from .leaves import Number


def value_at(given: optax.ScalarOrSchedule, count: Number) -> Any:
    """The value of a hyperparameter at a step."""
    return given(count) if callable(given) else given


def check_hyperparameter(
    name: str, given: Any, low: float, high: float, ends: str
) -> None:
    """Refuse numbers that a hyperparameter cannot be.

    Arrays and schedules are not looked at: their values may be unknown yet.

    Raises:
        TypeError: It is neither a number, an array nor a schedule.
        ValueError: It is a number outside its interval.
    """
    if callable(given) or isinstance(given, jax.Array) or hasattr(given, "dtype"):
        return
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise TypeError(
            f"{name} must be a number, an array of one or a schedule, not "
            f"{type(given).__name__}"
        )
    above = given > low or (given == low and ends[0] == "[")
    below = given < high or (given == high and ends[1] == "]")
    if not (above and below):
        raise ValueError(
            f"{name} is {given:g}; it must be in {ends[0]}{low:g}, {high:g}{ends[1]}"
        )
