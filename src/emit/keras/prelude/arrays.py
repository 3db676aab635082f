"""Functions of tensors that Keras lacks, or has otherwise at NaN, zeros and ends."""

import math
from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from .variables import Number, Tensor


def sign_of(x: Tensor) -> Tensor:
    """1 for positive numbers, -1 for negative ones, else the number itself."""
    return ops.where(x > 0, 1.0, ops.where(x < 0, -1.0, x))


def smaller(a: Number, b: Number) -> Tensor:
    """The smaller of two numbers: NaN if either is, and -0 below 0."""
    least = ops.where((a < b) | ops.isnan(a), a, b)
    return ops.where((a == 0) & (b == 0), -(-a - b), least)


def larger(a: Number, b: Number) -> Tensor:
    """The larger of two numbers: NaN if either is, and 0 above -0."""
    most = ops.where((a > b) | ops.isnan(a), a, b)
    return ops.where((a == 0) & (b == 0), a + b, most)


def remainder(a: Number, b: Number) -> Tensor:
    """The remainder of a floored division, with the sign of the divisor."""
    rest = ops.mod(a, b)
    zero = ops.abs(rest)
    return ops.where(rest == 0, ops.where(b < 0, -zero, zero), rest)


def power_of(base: Tensor, exponent: Number) -> Tensor:
    """The power; where the backend takes subnormal numbers for 0, also that of these."""
    dtype = keras.backend.standardize_dtype(base.dtype)
    least = 0.0 if keras.backend.backend() == "torch" else float(np.finfo(dtype).tiny)
    return ops.where(ops.abs(base) < least, 0.0 * base, base) ** exponent


def positive_part(x: Tensor) -> Tensor:
    """The number where it is positive, else 0."""
    return ops.where(x <= 0, 0.0, x)


def negative_part(x: Tensor) -> Tensor:
    """The number where it is negative, else 0."""
    return ops.where(x > 0, 0.0, x)


def logistic(x: Tensor) -> Tensor:
    """The logistic function, also where it is tiny."""
    return ops.exp(negative_part(x)) / (1 + ops.exp(-ops.abs(x)))


def soft_plus(x: Tensor) -> Tensor:
    """The logarithm of 1 + exp(x)."""
    return positive_part(x) + ops.log1p(ops.exp(-ops.abs(x)))


def soft_sign(x: Tensor) -> Tensor:
    """x / (1 + abs(x))."""
    return x / (1 + ops.abs(x))


def log_one_plus_exponential(x: Tensor) -> Tensor:
    """The logarithm of 1 + exp(x) + 1e-7."""
    top = positive_part(x)
    return top + ops.log1p(ops.exp(-ops.abs(x)) + 1e-7 * ops.exp(-top))


def logistic_slope(x: Tensor) -> Tensor:
    """The derivative of the logistic function."""
    e = ops.exp(-ops.abs(x))
    return e / ops.square(e + 1)


def tanh_slope(x: Tensor) -> Tensor:
    """The derivative of tanh, also where it is tiny."""
    return 4 * logistic_slope(2 * x)


def limited(x: Number, bound: Number) -> Tensor:
    """The number limited to [-abs(bound), abs(bound)]."""
    size = abs(bound) if isinstance(bound, (int, float)) else ops.abs(bound)
    return smaller(larger(x, -size), size)


def power_of_two(size: Tensor) -> Tensor:
    """A power of two close to a size: no digit changes of what is divided by it."""
    # Its reciprocal must not be subnormal either: XLA multiplies by that.
    usable = ops.clip(size, 2.0**-125, 2.0**125)
    dtype = keras.backend.standardize_dtype(usable.dtype)
    # All bits of the number but those of its fraction.
    if dtype == "float64":
        bits = ops.bitwise_and(ops.view(usable, "int64"), 0x7FF << 52)
    else:
        bits = ops.bitwise_and(ops.view(usable, "int32"), 0xFF << 23)
    return ops.view(bits, dtype)


def scaled_norm(x: Tensor, axes: tuple[int, ...] | None) -> Tensor:
    """The euclidean norm; squares neither overflow nor vanish on the way."""
    largest = ops.max(ops.abs(x), axis=axes, keepdims=True, initial=0.0)
    unit = power_of_two(largest)
    total = ops.sum(ops.square(x / unit), axis=axes, keepdims=True)
    return ops.sqrt(total) * unit


def norm(x: Tensor) -> Tensor:
    """The euclidean norm."""
    return ops.reshape(scaled_norm(x, None), ())


def max_abs(x: Tensor) -> Tensor:
    """The largest size."""
    return ops.max(ops.abs(x), initial=0.0)


def input_axes(w: Tensor) -> tuple[int, ...]:
    """The axes of the inputs: all but the last, which that of the outputs is."""
    return tuple(range(len(w.shape) - 1))


def output_axes(w: Tensor) -> tuple[int, ...]:
    """The axis of the outputs: the last."""
    return (len(w.shape) - 1,) if len(w.shape) > 0 else ()


def sum_over(axes: tuple[int, ...], x: Tensor) -> Tensor:
    """The sums along some axes, which keep the length 1."""
    return ops.sum(x, axis=axes, keepdims=True) if axes else x


def mean_over(axes: tuple[int, ...], x: Tensor) -> Tensor:
    """The means along some axes, which keep the length 1."""
    return ops.mean(x, axis=axes, keepdims=True) if axes else x


def max_abs_over(axes: tuple[int, ...], x: Tensor) -> Tensor:
    """The largest sizes along some axes, which keep the length 1."""
    size = ops.abs(x)
    return ops.max(size, axis=axes, keepdims=True, initial=0.0) if axes else size


def norm_over(axes: tuple[int, ...], x: Tensor) -> Tensor:
    """The euclidean norms along some axes, which keep the length 1."""
    return scaled_norm(x, axes) if axes else ops.abs(x)


def count(w: Tensor) -> int:
    """The number of elements."""
    return math.prod(w.shape)


def fan_out(w: Tensor) -> int:
    """The number of outputs of each input: all but the axis of the inputs."""
    return count(w) if len(w.shape) < 2 else count(w) // max(w.shape[-2], 1)


def fan_in(w: Tensor) -> int:
    """The number of inputs of each output: all but the axis of the outputs."""
    return count(w) if len(w.shape) < 2 else count(w) // max(w.shape[-1], 1)


def count_outputs(w: Tensor) -> int:
    """The length of the axis of the outputs."""
    return w.shape[-1] if len(w.shape) > 0 else 1


def count_inputs(w: Tensor) -> int:
    """The length of all other axes together; 1 for a vector."""
    return math.prod(w.shape[:-1])


def filled(x: Number, shape: Sequence[int], w: Tensor) -> Tensor:
    """What stands for many numbers, in a tensor that has all of them."""
    return ops.broadcast_to(ops.cast(x, w.dtype), tuple(shape))


def spread(w: Tensor, axes: tuple[int, ...], x: Number) -> Tensor:
    """A number for each place beside some axes, which have the length 1."""
    shape = [1 if axis in axes else length for axis, length in enumerate(w.shape)]
    return ops.broadcast_to(ops.cast(x, w.dtype), tuple(shape))
