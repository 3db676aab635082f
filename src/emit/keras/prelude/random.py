"""Random numbers that are functions of a seed, a place, a parameter and a step."""

import functools
import math

import numpy as np
from keras import ops

from .arrays import count
from .full import in_full
from .random_quantile import normal_quantile
from .variables import Number, Tensor, wide

WORD = 0xFFFFFFFF


def threefry(key: tuple[int, int], first: int, second: int) -> tuple[int, int]:
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


@functools.cache
def draw_key(seed: int, name: str, site: int, index: int) -> tuple[int, int]:
    """The key of the draws of an operator at a place, for a variable."""
    key = ((seed >> 32) & WORD, seed & WORD)
    letters = [(ord(letter), 1) for letter in name]
    for counter, kind in (*letters, (site, 0), (index, 0)):
        key = threefry(key, counter & WORD, kind)
    return key


def signed(word: int) -> int:
    """A word of 32 bits as the number whose bits it has in a tensor of int32."""
    word &= WORD
    return word - (WORD + 1) if word > WORD >> 1 else word


def rotated(x: Tensor, bits: int) -> Tensor:
    """Words turned to the left."""
    low = ops.bitwise_and(ops.right_shift(x, 32 - bits), (1 << bits) - 1)
    return ops.bitwise_or(ops.left_shift(x, bits), low)


def draw_words(w: Tensor, key: tuple[int, int], step: Number) -> Tensor:
    """A word of 32 bits for each element, by Threefry too; sums go around in int32."""
    words = (*key, 0x1BD11BDA ^ key[0] ^ key[1])
    b = ops.arange(count(w), dtype="int32") + signed(words[1])
    a = ops.zeros_like(b) + ops.cast(step, "int32") + signed(words[0])
    for group in range(5):
        for bits in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:
            a = a + b
            b = ops.bitwise_xor(rotated(b, bits), a)
        a = a + signed(words[(group + 1) % 3])
        b = b + signed(words[(group + 2) % 3] + group + 1)
    return ops.reshape(a, tuple(w.shape))


def dropout(
    x: Number, rate: Number, w: Tensor, key: tuple[int, int], step: Number
) -> Tensor:
    """0 with probability ``rate``, else the number divided by 1 - rate."""
    words = draw_words(w, key, step)
    uniform = ops.bitwise_and(ops.right_shift(words, 8), (1 << 24) - 1)
    # Whole numbers, which no rounding moves.
    if isinstance(rate, (int, float)):
        rate = float(np.float32(rate))
        least = math.ceil(rate * 2.0**24)
    else:
        least = ops.cast(in_full("ceil", wide(rate) * 2.0**24), "int32")
    kept = ops.cast(wide(x) / (1 - wide(rate)), w.dtype)
    return ops.where(uniform >= least, kept, 0.0)


def normal(w: Tensor, key: tuple[int, int], step: Number) -> Tensor:
    """A standard normal number for each element.

    Where the backend has 64 bits it is the same to the bit everywhere; in 32 bits it
    is off by up to 1e-6 of its size.
    """
    return ops.cast(normal_quantile(draw_words(w, key, step)), w.dtype)
