"""Normal numbers of random words."""

import math

from keras import ops

from ...python.quantile.random_normal import CENTRE, CENTRE_DIVISOR, TAIL, TAIL_DIVISOR
from .arrays import power_of_two
from .variables import Tensor, wide


def horner(coefficients: tuple[float, ...], x: Tensor) -> Tensor:
    """The value of a polynomial, the coefficient of the highest power first."""
    total = ops.zeros_like(x)
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


def normal_quantile(words: Tensor) -> Tensor:
    """The normal numbers of words of 32 bits (Wichura, 1988, Algorithm AS 241)."""
    # Beside the middle as whole numbers: nothing of a small difference is lost.
    middle = words + -(1 << 31)
    beside = ops.where(middle >= 0, middle, -1 - middle)
    size = (wide(beside) + 0.5) * 2.0**-32
    r = 0.180625 - size * size
    centre = size * horner(CENTRE, r) / horner(CENTRE_DIVISOR, r)
    # A word below the middle has no sign.
    end = ops.where(words >= 0, words, -1 - words)
    s = ops.sqrt(tail_logarithm(end)) - 1.6
    tail = horner(TAIL, s) / horner(TAIL_DIVISOR, s)
    found = ops.where(size <= 0.425, centre, tail)
    return ops.cast(ops.where(words >= 0, -found, found), "float32")


def tail_logarithm(words: Tensor) -> Tensor:
    """-log((word + 0.5) / 2**32), of arithmetic that is rounded alike everywhere."""
    double = 2.0 * wide(words) + 1.0
    unit = power_of_two(double)
    factor, exponent = double / unit, ops.round(ops.log(unit) / math.log(2))
    is_high = factor >= math.sqrt(2)
    factor = ops.where(is_high, factor / 2, factor)
    exponent = ops.where(is_high, exponent + 1, exponent)
    s = (factor - 1) / (factor + 1)
    total = ops.zeros_like(s)
    for odd in range(19, 0, -2):
        total = total * s * s + 1 / odd
    return (33 - exponent) * math.log(2) - 2 * s * total
