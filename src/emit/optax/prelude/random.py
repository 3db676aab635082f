"""Random numbers that are functions of a seed, a place, a parameter and a step."""

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .leaves import Number
from .random_quantile import normal_quantile

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
    # In the bits of the array, as every number that meets one.
    if isinstance(rate, (int, float)):
        rate = float(np.asarray(rate, w.dtype))
    else:
        rate = rate.astype(w.dtype).astype(float)
    # Whole numbers, which no rounding moves.
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
