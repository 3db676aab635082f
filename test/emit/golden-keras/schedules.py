from __future__ import annotations

import importlib
import math
from typing import Any

import keras
import numpy as np
from keras import ops

__all__ = [
    "CosineAfter",
    "InverseSquareRoot",
    "PolynomialDecay",
    "StepDecay",
    "WarmupHoldCosine",
    "WarmupLinear",
    "cosine_after",
    "inverse_square_root",
    "polynomial_decay",
    "step_decay",
    "warmup_hold_cosine",
    "warmup_linear",
]


Number = Any


Tensor = Any


WIDE = keras.backend.standardize_dtype(ops.convert_to_tensor(np.zeros(())).dtype)


def warmup_linear(t: Number, T: Number, warmup: Number = 0) -> Number:
    r"""A straight line from 0 on step 0 to 1 on step `warmup`, then 1.

    $\min(t / w, 1)$; 1 on every step where `warmup` is 0. Goyal and others, 2017,
    https://arxiv.org/abs/1706.02677

    Args:
        warmup: In [0, inf).
    """
    t = wide(t)
    warmup = wide(warmup)
    return ops.where(t < warmup, full_minimum(t / full_maximum(warmup, 1), 1), wide(1))


def cosine_after(t: Number, T: Number, start: Number = 0) -> Number:
    r"""1 until step `start`, then half a cosine wave that would reach 0 on step `T`.

    $(1 + \cos(\pi (t - s) / (T - s))) / 2$ from $t = s$ on.
    Loshchilov and Hutter, 2016, https://arxiv.org/abs/1608.03983

    Args:
        start: In [0, inf).
    """
    t = wide(t)
    start = wide(start)
    t = full_minimum(T - 1, t)
    return (
        1
        + full_cos(
            math.pi
            * full_minimum(larger((t - start) / full_maximum(T - start, 1), 0), 1)
        )
    ) / 2


def warmup_hold_cosine(
    t: Number, T: Number, warmup: Number = 0, hold: Number = 0
) -> Number:
    r"""A linear warm-up from 0, a hold at 1, and half a cosine wave down to 0.

    $t / w$ for $t < w$, 1 until $w + h$, then $(1 + \cos(\pi (t - w - h) / (T - w -
    h))) / 2$. Step
    0 has the value 0 unless `warmup` is 0; the last step, $T - 1$, is still a little
    above 0.
    The outer schedule of Morgan and Hougen, 2024, https://arxiv.org/abs/2404.06679

    Args:
        warmup: In [0, inf).
        hold: In [0, inf).
    """
    t = wide(t)
    warmup = wide(warmup)
    hold = wide(hold)
    t = full_minimum(T - 1, t)
    return warmup_linear(t, T, warmup) * cosine_after(t, T, warmup + hold)


def inverse_square_root(t: Number, T: Number, warmup: Number = 4000) -> Number:
    r"""A straight line up over `warmup` steps, then down with the inverse square root of
    the step.

    $\min((t + 1) / w, \sqrt{w / (t + 1)})$. Vaswani and others, 2017, section 5.3,
    https://arxiv.org/abs/1706.03762 (there times $1 / \sqrt{d w}$).

    Args:
        warmup: In [1, inf).
    """
    t = wide(t)
    warmup = wide(warmup)
    return smaller(full_minimum((t + 1) / warmup, 1), ops.sqrt(warmup / (t + 1)))


def step_decay(
    t: Number, T: Number, every: Number = 1000, factor: Number = 0.1
) -> Number:
    r"""Times `factor` after every `every` steps.

    $f^{\lfloor t / n \rfloor}$; PyTorch's `StepLR`.

    Args:
        every: In [1, inf).
        factor: In [0, 1].
    """
    t = wide(t)
    every = wide(every)
    factor = wide(factor)
    return factor ** full_floor(t / every)


def polynomial_decay(t: Number, T: Number, power2: Number = 2) -> Number:
    """From 1 down to 0, straight for `power` 1, flattening out for more.

    $(1 - t / T)^p$; PyTorch's `PolynomialLR` until step $T - 1$, whose value is held
    from then on (PyTorch goes to 0).

    Args:
        power2: In (0, inf).
    """
    t = wide(t)
    power2 = wide(power2)
    t = full_minimum(T - 1, t)
    return (1 - t / T) ** power2


@keras.saving.register_keras_serializable(package="optc")
class WarmupLinear(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate: `initial_learning_rate` times `warmup_linear`."""

    def __init__(
        self, initial_learning_rate: float, total_steps: int, warmup: float = 0
    ) -> None:
        super().__init__()
        self.initial_learning_rate = initial_learning_rate
        self.total_steps = total_steps
        self.warmup = warmup

    def __call__(self, step: Any) -> Any:
        factor = warmup_linear(step, self.total_steps, warmup=self.warmup)
        return ops.cast(self.initial_learning_rate * factor, keras.config.floatx())

    def get_config(self) -> dict[str, Any]:
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "total_steps": self.total_steps,
            "warmup": self.warmup,
        }


@keras.saving.register_keras_serializable(package="optc")
class CosineAfter(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate: `initial_learning_rate` times `cosine_after`."""

    def __init__(
        self, initial_learning_rate: float, total_steps: int, start: float = 0
    ) -> None:
        super().__init__()
        self.initial_learning_rate = initial_learning_rate
        self.total_steps = total_steps
        self.start = start

    def __call__(self, step: Any) -> Any:
        factor = cosine_after(step, self.total_steps, start=self.start)
        return ops.cast(self.initial_learning_rate * factor, keras.config.floatx())

    def get_config(self) -> dict[str, Any]:
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "total_steps": self.total_steps,
            "start": self.start,
        }


@keras.saving.register_keras_serializable(package="optc")
class WarmupHoldCosine(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate: `initial_learning_rate` times `warmup_hold_cosine`."""

    def __init__(
        self,
        initial_learning_rate: float,
        total_steps: int,
        warmup: float = 0,
        hold: float = 0,
    ) -> None:
        super().__init__()
        self.initial_learning_rate = initial_learning_rate
        self.total_steps = total_steps
        self.warmup = warmup
        self.hold = hold

    def __call__(self, step: Any) -> Any:
        factor = warmup_hold_cosine(
            step, self.total_steps, warmup=self.warmup, hold=self.hold
        )
        return ops.cast(self.initial_learning_rate * factor, keras.config.floatx())

    def get_config(self) -> dict[str, Any]:
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "total_steps": self.total_steps,
            "warmup": self.warmup,
            "hold": self.hold,
        }


@keras.saving.register_keras_serializable(package="optc")
class InverseSquareRoot(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate: `initial_learning_rate` times `inverse_square_root`."""

    def __init__(
        self, initial_learning_rate: float, total_steps: int, warmup: float = 4000
    ) -> None:
        super().__init__()
        self.initial_learning_rate = initial_learning_rate
        self.total_steps = total_steps
        self.warmup = warmup

    def __call__(self, step: Any) -> Any:
        factor = inverse_square_root(step, self.total_steps, warmup=self.warmup)
        return ops.cast(self.initial_learning_rate * factor, keras.config.floatx())

    def get_config(self) -> dict[str, Any]:
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "total_steps": self.total_steps,
            "warmup": self.warmup,
        }


@keras.saving.register_keras_serializable(package="optc")
class StepDecay(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate: `initial_learning_rate` times `step_decay`."""

    def __init__(
        self,
        initial_learning_rate: float,
        total_steps: int,
        every: float = 1000,
        factor: float = 0.1,
    ) -> None:
        super().__init__()
        self.initial_learning_rate = initial_learning_rate
        self.total_steps = total_steps
        self.every = every
        self.factor = factor

    def __call__(self, step: Any) -> Any:
        factor = step_decay(
            step, self.total_steps, every=self.every, factor=self.factor
        )
        return ops.cast(self.initial_learning_rate * factor, keras.config.floatx())

    def get_config(self) -> dict[str, Any]:
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "total_steps": self.total_steps,
            "every": self.every,
            "factor": self.factor,
        }


@keras.saving.register_keras_serializable(package="optc")
class PolynomialDecay(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate: `initial_learning_rate` times `polynomial_decay`."""

    def __init__(
        self, initial_learning_rate: float, total_steps: int, power2: float = 2
    ) -> None:
        super().__init__()
        self.initial_learning_rate = initial_learning_rate
        self.total_steps = total_steps
        self.power2 = power2

    def __call__(self, step: Any) -> Any:
        factor = polynomial_decay(step, self.total_steps, power2=self.power2)
        return ops.cast(self.initial_learning_rate * factor, keras.config.floatx())

    def get_config(self) -> dict[str, Any]:
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "total_steps": self.total_steps,
            "power2": self.power2,
        }


def smaller(a: Number, b: Number) -> Tensor:
    """The smaller of two numbers: NaN if either is, and -0 below 0."""
    least = ops.where((a < b) | ops.isnan(a), a, b)
    return ops.where((a == 0) & (b == 0), -(-a - b), least)


def larger(a: Number, b: Number) -> Tensor:
    """The larger of two numbers: NaN if either is, and 0 above -0."""
    most = ops.where((a > b) | ops.isnan(a), a, b)
    return ops.where((a == 0) & (b == 0), a + b, most)


def in_full(called: str, *x: Tensor) -> Tensor:
    """A function of tensors in all the bits that these have."""
    libraries = {"jax": "jax.numpy", "torch": "torch"}
    library = libraries.get(keras.backend.backend())
    return getattr(importlib.import_module(library) if library else ops, called)(*x)


def typed(x: Number, dtype: str) -> Tensor:
    """A number in a type. TensorFlow takes Python's for 32 bits, and -0 for 0."""
    return ops.cast(np.array(x) if isinstance(x, (int, float)) else x, dtype)


def wide(x: Number) -> Tensor:
    """A number in 64 bits where the backend has them: 1 - beta**t loses half of 32."""
    return typed(x, WIDE)


def minimum(a: float, b: float) -> float:
    """The smaller of two numbers: NaN if either is, and -0 below 0."""
    if math.isnan(a) or math.isnan(b):
        return math.nan
    if a == b == 0:
        return min(math.copysign(1.0, a), math.copysign(1.0, b)) * 0.0
    return min(a, b)


def full_minimum(a: Number, b: Number) -> Tensor:
    """The smaller of two numbers."""
    return in_full("minimum", wide(a), wide(b))


def maximum(a: float, b: float) -> float:
    """The larger of two numbers: NaN if either is, and 0 above -0."""
    if math.isnan(a) or math.isnan(b):
        return math.nan
    if a == b == 0:
        return max(math.copysign(1.0, a), math.copysign(1.0, b)) * 0.0
    return max(a, b)


def full_maximum(a: Number, b: Number) -> Tensor:
    """The larger of two numbers."""
    return in_full("maximum", wide(a), wide(b))


def full_floor(x: Number) -> Tensor:
    """The largest whole number that is not larger."""
    x = wide(x)
    return ops.where(ops.abs(x) < 2.0**52, x - ops.mod(x, 1.0), x)


def full_cos(x: Number) -> Tensor:
    """The cosine."""
    return in_full("cos", wide(x))
