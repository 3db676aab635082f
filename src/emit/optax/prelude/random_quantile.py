"""Normal numbers of random words."""

import math

import jax
import jax.numpy as jnp
import numpy as np

from ...python.quantile.random_normal import CENTRE, CENTRE_DIVISOR, TAIL, TAIL_DIVISOR


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
