"""Functions of numbers of 64 bits that Keras rounds to 32 on some of its backends."""

import importlib

import keras
from keras import ops

from .variables import Number, Tensor, wide


def in_full(called: str, *x: Tensor) -> Tensor:
    """A function of tensors in all the bits that these have."""
    libraries = {"jax": "jax.numpy", "torch": "torch"}
    library = libraries.get(keras.backend.backend())
    return getattr(importlib.import_module(library) if library else ops, called)(*x)


def full_minimum(a: Number, b: Number) -> Tensor:
    """The smaller of two numbers."""
    return in_full("minimum", wide(a), wide(b))


def full_maximum(a: Number, b: Number) -> Tensor:
    """The larger of two numbers."""
    return in_full("maximum", wide(a), wide(b))


def full_hypot(a: Number, b: Number) -> Tensor:
    """The root of the sum of two squares."""
    return in_full("hypot", wide(a), wide(b))


def full_floor(x: Number) -> Tensor:
    """The largest whole number that is not larger."""
    x = wide(x)
    return ops.where(ops.abs(x) < 2.0**52, x - ops.mod(x, 1.0), x)


def full_tanh(x: Number) -> Tensor:
    """The hyperbolic tangent."""
    return in_full("tanh", wide(x))


def full_arctan(x: Number) -> Tensor:
    """The inverse of the tangent."""
    return in_full("arctan", wide(x))


def full_arcsinh(x: Number) -> Tensor:
    """The inverse of the hyperbolic sine."""
    return in_full("arcsinh", wide(x))


def full_sin(x: Number) -> Tensor:
    """The sine."""
    return in_full("sin", wide(x))


def full_cos(x: Number) -> Tensor:
    """The cosine."""
    return in_full("cos", wide(x))
