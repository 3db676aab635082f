"""Random numbers that are functions of a seed, a place, a parameter and a step."""

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .leaves import Number

Words = Any


def threefry(key: Words, first: Words, second: Words) -> tuple[Words, Words]:
    """Threefry-2x32 with 20 rounds (Salmon and others, 2011), in 32 bits."""
    words = (key[0], key[1], np.uint32(0x1BD11BDA) ^ key[0] ^ key[1])
    a, b = first + words[0], second + words[1]
    for group in range(5):
        for bits in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:
            a = a + b
            b = ((b << np.uint32(bits)) | (b >> np.uint32(32 - bits))) ^ a
        a = a + words[(group + 1) % 3]
        b = b + words[(group + 2) % 3] + np.uint32(group + 1)
    return a, b


def draw_key(seed: int | jax.Array, name: str, site: int, index: int) -> Words:
    """The key of the draws of an operator at a place, for a parameter."""
    # Arrays of one word: those of NumPy are worked out once, before anything runs.
    if isinstance(seed, int):
        halves = [seed >> 32 & 0xFFFFFFFF, seed & 0xFFFFFFFF]
        key: Words = tuple(np.array([half], np.uint32) for half in halves)
    else:
        low = jnp.asarray(seed).astype(jnp.uint32).reshape(1)
        key = (jnp.zeros_like(low), low)
    letters = [(ord(letter), 1) for letter in name]
    for counter, kind in (*letters, (site, 0), (index, 0)):
        words = [np.array([word], np.uint32) for word in (counter, kind)]
        key = threefry(key, *words)
    return key


def draw_words(w: jax.Array, key: Words, count: Number) -> jax.Array:
    """A word of 32 bits for each element."""
    elements = jnp.arange(w.size, dtype=jnp.uint32)
    step = jnp.full_like(elements, count)
    words, _ = threefry(key, step, elements)
    return words.reshape(w.shape)


def dropout(
    x: Number, rate: Number, w: jax.Array, key: Words, count: Number
) -> jax.Array:
    """0 with probability ``rate``, else the number divided by 1 - rate."""
    uniform = draw_words(w, key, count) >> np.uint32(8)
    # Whole numbers, which no rounding of the rate moves.
    scaled = rate * 2.0**24
    least = math.ceil(scaled) if isinstance(scaled, float) else jnp.ceil(scaled)
    kept = (jnp.asarray(x).astype(float) / (1 - rate)).astype(w.dtype)
    return jnp.where(uniform.astype(jnp.int32) >= least, kept, 0.0)


def normal(w: jax.Array, key: Words, count: Number) -> jax.Array:
    """A standard normal number for each element.

    Where JAX has 64 bits it is the same to the bit everywhere; in 32 bits it is off by
    up to 1e-6 of its size.
    """
    return normal_quantile(draw_words(w, key, count)).astype(w.dtype)


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


def normal_quantile(words: jax.Array) -> jax.Array:
    """The normal numbers of words of 32 bits (Wichura, 1988, Algorithm AS 241)."""
    half = np.uint32(1 << 31)
    # Beside the middle as whole numbers: nothing of a small difference is lost.
    beside = jnp.where(words >= half, words - half, ~(words - half))
    size = (beside.astype(float) + 0.5) * 2.0**-32
    r = 0.180625 - size * size
    centre = size * jnp.polyval(np.array(CENTRE), r)
    centre = centre / jnp.polyval(np.array(CENTRE_DIVISOR), r)
    end = jnp.where(words < half, words, ~words)
    s = jnp.sqrt(tail_logarithm(end)) - 1.6
    tail = jnp.polyval(np.array(TAIL), s) / jnp.polyval(np.array(TAIL_DIVISOR), s)
    found = jnp.where(size <= 0.425, centre, tail)
    return jnp.where(words < half, -found, found).astype(jnp.float32)


def tail_logarithm(words: jax.Array) -> jax.Array:
    """-log((word + 0.5) / 2**32), of arithmetic that is rounded alike everywhere."""
    factor, exponent = jnp.frexp(2.0 * words.astype(float) + 1.0)
    is_low = factor < math.sqrt(0.5)
    factor = jnp.where(is_low, factor * 2, factor)
    exponent = jnp.where(is_low, exponent - 1, exponent)
    s = (factor - 1) / (factor + 1)
    total = jnp.zeros_like(s)
    for odd in range(19, 0, -2):
        total = total * s * s + 1 / odd
    return (33 - exponent).astype(float) * math.log(2) - 2 * s * total
