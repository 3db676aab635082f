"""Normal numbers of random words."""

import math

import torch
from torch import Tensor

from ...python.quantile.random_normal import CENTRE, CENTRE_DIVISOR, TAIL, TAIL_DIVISOR
from .random import WORD


def horner(coefficients: tuple[float, ...], x: Tensor) -> Tensor:
    """The value of a polynomial, the coefficient of the highest power first."""
    total = torch.zeros_like(x)
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


def normal_quantile(words: Tensor) -> Tensor:
    """The normal numbers of words of 32 bits (Wichura, 1988, Algorithm AS 241)."""
    q = (words.double() + 0.5) * 2.0**-32 - 0.5
    r = 0.180625 - q * q
    centre = q * horner(CENTRE, r) / horner(CENTRE_DIVISOR, r)
    s = torch.sqrt(tail_logarithm(torch.where(q < 0, words, WORD - words))) - 1.6
    size = horner(TAIL, s) / horner(TAIL_DIVISOR, s)
    tail = torch.where(q < 0, -size, size)
    return torch.where(q.abs() <= 0.425, centre, tail).float()


def tail_logarithm(words: Tensor) -> Tensor:
    """-log((word + 0.5) / 2**32), of arithmetic that is rounded alike everywhere."""
    factor, exponent = torch.frexp((2 * words + 1).double())
    is_low = factor < math.sqrt(0.5)
    factor = torch.where(is_low, factor * 2, factor)
    exponent = torch.where(is_low, exponent - 1, exponent)
    s = (factor - 1) / (factor + 1)
    total = torch.zeros_like(s)
    for odd in range(19, 0, -2):
        total = total * s * s + 1 / odd
    return (33 - exponent).double() * math.log(2) - 2 * s * total
