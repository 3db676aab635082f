"""Functions of arrays that JAX lacks, or has otherwise at NaN, zeros and ends."""

import math
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp

from .leaves import Number


def smaller(a: Number, b: Number) -> jax.Array:
    """The smaller of two numbers: NaN if either is, and -0 below 0."""
    a, b = jnp.asarray(a), jnp.asarray(b)
    return jnp.where((a == 0) & (b == 0), -(-a + -b), jnp.minimum(a, b))


def larger(a: Number, b: Number) -> jax.Array:
    """The larger of two numbers: NaN if either is, and 0 above -0."""
    a, b = jnp.asarray(a), jnp.asarray(b)
    return jnp.where((a == 0) & (b == 0), a + b, jnp.maximum(a, b))


def remainder(a: Number, b: Number) -> jax.Array:
    """The remainder of a floored division, with the sign of the divisor."""
    rest = jnp.fmod(a, b)
    moved = jnp.where((rest < 0) != (jnp.asarray(b) < 0), rest + b, rest)
    return jnp.where(rest == 0, jnp.copysign(rest, b), moved)


def power_of(base: jax.Array, exponent: Number) -> jax.Array:
    """The power, also of subnormal numbers: XLA takes them for 0 elsewhere."""
    least = jnp.finfo(base.dtype).tiny
    return jnp.where(jnp.abs(base) < least, 0.0 * base, base) ** exponent


def positive_part(x: Number) -> jax.Array:
    """The number where it is positive, else 0."""
    x = jnp.asarray(x)
    return jnp.where(x <= 0, 0.0, x)


def negative_part(x: Number) -> jax.Array:
    """The number where it is negative, else 0."""
    x = jnp.asarray(x)
    return jnp.where(x > 0, 0.0, x)


def logistic(x: Number) -> jax.Array:
    """The logistic function, also where it is tiny."""
    return jnp.exp(jnp.minimum(x, 0.0)) / (1 + jnp.exp(-jnp.abs(x)))


def soft_plus(x: Number) -> jax.Array:
    """The logarithm of 1 + exp(x)."""
    return positive_part(x) + jnp.log1p(jnp.exp(-jnp.abs(x)))


def log_one_plus_exponential(x: Number) -> jax.Array:
    """The logarithm of 1 + exp(x) + 1e-7."""
    top = positive_part(x)
    return top + jnp.log1p(jnp.exp(-jnp.abs(x)) + 1e-7 * jnp.exp(-top))


def logistic_slope(x: Number) -> jax.Array:
    """The derivative of the logistic function."""
    e = jnp.exp(-jnp.abs(x))
    return e / jnp.square(e + 1)


def tanh_slope(x: Number) -> jax.Array:
    """The derivative of tanh, also where it is tiny."""
    return 4 * logistic_slope(2 * x)


def limited(x: Number, bound: Number) -> jax.Array:
    """The number limited to [-abs(bound), abs(bound)]."""
    size = jnp.abs(bound)
    return smaller(larger(x, -size), size)


def power_of_two(size: jax.Array) -> jax.Array:
    """A power of two close to a size: no digit changes of what is divided by it."""
    is_usable = (size > 0) & (size < jnp.inf)
    _, exponent = jnp.frexp(jnp.where(is_usable, size, 1.0))
    # Its reciprocal must not be subnormal either: XLA multiplies by that.
    return jnp.ldexp(jnp.ones_like(size), jnp.clip(exponent - 1, -125, 125))


def scaled_norm(x: jax.Array, axes: tuple[int, ...] | None, keepdims: bool) -> Any:
    """The euclidean norm; squares neither overflow nor vanish on the way."""
    largest = jnp.max(jnp.abs(x), axis=axes, keepdims=True, initial=0.0)
    unit = power_of_two(largest)
    total = jnp.sum(jnp.square(x / unit), axis=axes, keepdims=True)
    root = jnp.sqrt(total) * unit
    return root if keepdims else root.reshape(())


def norm(x: jax.Array) -> jax.Array:
    """The euclidean norm."""
    return scaled_norm(x, None, keepdims=False)


def max_abs(x: jax.Array) -> jax.Array:
    """The largest size."""
    return jnp.max(jnp.abs(x), initial=0.0)


def input_axes(w: jax.Array) -> tuple[int, ...]:
    """The axes of the inputs: all but the last, which that of the outputs is."""
    return tuple(range(w.ndim - 1))


def output_axes(w: jax.Array) -> tuple[int, ...]:
    """The axis of the outputs: the last."""
    return (w.ndim - 1,) if w.ndim > 0 else ()


def sum_over(axes: tuple[int, ...], x: jax.Array) -> jax.Array:
    """The sums along some axes, which keep the length 1."""
    return jnp.sum(x, axis=axes, keepdims=True)


def mean_over(axes: tuple[int, ...], x: jax.Array) -> jax.Array:
    """The means along some axes, which keep the length 1."""
    return jnp.mean(x, axis=axes, keepdims=True)


def max_abs_over(axes: tuple[int, ...], x: jax.Array) -> jax.Array:
    """The largest sizes along some axes, which keep the length 1."""
    return jnp.max(jnp.abs(x), axis=axes, keepdims=True, initial=0.0)


def norm_over(axes: tuple[int, ...], x: jax.Array) -> jax.Array:
    """The euclidean norms along some axes, which keep the length 1."""
    return scaled_norm(x, axes, keepdims=True) if axes else jnp.abs(x)


def fan_out(w: jax.Array) -> int:
    """The number of outputs of each input: all but the axis of the inputs."""
    return w.size if w.ndim < 2 else w.size // max(w.shape[-2], 1)


def fan_in(w: jax.Array) -> int:
    """The number of inputs of each output: all but the axis of the outputs."""
    return w.size if w.ndim < 2 else w.size // max(w.shape[-1], 1)


def count_outputs(w: jax.Array) -> int:
    """The length of the axis of the outputs."""
    return w.shape[-1] if w.ndim > 0 else 1


def count_inputs(w: jax.Array) -> int:
    """The length of all other axes together; 1 for a vector."""
    return math.prod(w.shape[:-1])


def filled(x: Number, shape: Sequence[int], w: jax.Array) -> jax.Array:
    """What stands for many numbers, in an array that has all of them."""
    return jnp.broadcast_to(jnp.asarray(x).astype(w.dtype), shape)


def spread(w: jax.Array, axes: tuple[int, ...], x: Number) -> jax.Array:
    """A number for each place beside some axes, which have the length 1."""
    shape = [1 if axis in axes else length for axis, length in enumerate(w.shape)]
    return jnp.broadcast_to(jnp.asarray(x).astype(w.dtype), shape)
