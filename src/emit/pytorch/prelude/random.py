"""Random numbers that are functions of a seed, a place, a parameter and a step."""

import math

import torch
from torch import Tensor

WORD = 0xFFFFFFFF


def threefry(
    key: tuple[int, int], first: int | Tensor, second: int | Tensor
) -> tuple[int | Tensor, int | Tensor]:
    """Threefry-2x32 with 20 rounds (Salmon and others, 2011)."""
    words = (*key, 0x1BD11BDA ^ key[0] ^ key[1])
    a = (first + words[0]) & WORD
    b = (second + words[1]) & WORD
    for group in range(5):
        for bits in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:
            a = (a + b) & WORD
            b = ((b << bits) & WORD | (b >> (32 - bits))) ^ a
        a = (a + words[(group + 1) % 3]) & WORD
        b = (b + words[(group + 2) % 3] + group + 1) & WORD
    return a, b


def draw_key(seed: int, name: str, site: int, index: int) -> tuple[int, int]:
    """The key of the draws of an operator at a place, for a parameter."""
    key = ((seed >> 32) & WORD, seed & WORD)
    for step in (*name, site, index):
        is_letter = isinstance(step, str)
        counter = ord(step) if isinstance(step, str) else step
        a, b = threefry(key, counter & WORD, int(is_letter))
        key = (int(a), int(b))
    return key


def draw_words(w: Tensor, key: tuple[int, int], t: int) -> Tensor:
    """A word of 32 bits for each element."""
    elements = torch.arange(w.numel(), device=w.device)
    words, _ = threefry(key, torch.full_like(elements, t), elements)
    assert isinstance(words, Tensor)
    return words.reshape(w.shape)


def dropout(x: Tensor, rate: float, w: Tensor, key: tuple[int, int], t: int) -> Tensor:
    """0 with probability ``rate``, else the number divided by 1 - rate."""
    uniform = (draw_words(w, key, t) >> 8).double() * 2.0**-24
    rounded = torch.as_tensor(rate, dtype=x.dtype).double()
    kept = (x.double() / (1 - rounded)).to(x.dtype)
    return torch.where(uniform >= rounded, kept, 0.0)


def normal(w: Tensor, key: tuple[int, int], t: int) -> Tensor:
    """A standard normal number for each element, to the bit the same everywhere."""
    return normal_quantile(draw_words(w, key, t)).to(w.dtype)


CENTRE = (
    2509.0809287301226727,
    33430.575583588128105,
    67265.770927008700853,
    45921.953931549871457,
    13731.693765509461125,
    1971.5909503065514427,
    133.14166789178437745,
    3.387132872796366608,
)

CENTRE_DIVISOR = (
    5226.495278852854561,
    28729.085735721942674,
    39307.89580009271061,
    21213.794301586595867,
    5394.1960214247511077,
    687.1870074920579083,
    42.313330701600911252,
    1.0,
)

TAIL = (
    7.7454501427834140764e-4,
    0.0227238449892691845833,
    0.24178072517745061177,
    1.27045825245236838258,
    3.64784832476320460504,
    5.7694972214606914055,
    4.6303378461565452959,
    1.42343711074968357734,
)

TAIL_DIVISOR = (
    1.05075007164441684324e-9,
    5.475938084995344946e-4,
    0.0151986665636164571966,
    0.14810397642748007459,
    0.68976733498510000455,
    1.6763848301838038494,
    2.05319162663775882187,
    1.0,
)


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
