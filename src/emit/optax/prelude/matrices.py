"""Arrays as matrices, with inputs as rows and outputs as columns."""

import jax
import jax.numpy as jnp

from .arrays import count_inputs, count_outputs, power_of_two
from .leaves import Number


def as_matrix(x: jax.Array, w: jax.Array) -> jax.Array:
    """What there is one of for each element, as a matrix of inputs and outputs."""
    return jnp.broadcast_to(x, w.shape).reshape(count_inputs(w), count_outputs(w))


def as_array(matrix: jax.Array, w: jax.Array) -> jax.Array:
    """A matrix of inputs and outputs in the shape of a parameter."""
    return matrix.reshape(w.shape)


def product(a: jax.Array, b: jax.Array) -> jax.Array:
    """The product of matrices, in all digits also where a device would take fewer."""
    return jnp.matmul(a, b, precision="highest")


def widest(x: jax.Array) -> jax.Array:
    """An array in 64 bits where JAX has them, else in 32."""
    return x.astype(float)


def symmetric_eigen(matrix: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Eigenvalues from the largest down, eigenvectors and a unit.

    A matrix is divided by the unit first, so that nothing overflows or vanishes. The
    first of the largest numbers of an eigenvector is positive. All is NaN where a
    number is not finite.
    """
    exact = widest(matrix)
    largest = jnp.max(jnp.abs(exact), initial=0.0)
    unit = power_of_two(largest)
    half = exact / unit / 2
    values, vectors = jnp.linalg.eigh(half + half.T)
    # From the largest down, and equal ones in the order they were found in.
    order = jnp.argsort(values, descending=True, stable=True)
    values, vectors = values[order], vectors[:, order]
    # Numbers that differ by rounding count as equal, so that rounding decides no sign.
    sizes = jnp.abs(vectors)
    first = jnp.argmax(sizes >= 0.999 * jnp.max(sizes, axis=0), axis=0)
    leading = jnp.take_along_axis(vectors, first[None, :], axis=0)
    finite = jnp.where(jnp.isfinite(largest), 1.0, jnp.nan)
    return values * finite, jnp.where(leading < 0, -vectors, vectors) * finite, unit


def inverse_root(matrix: jax.Array, p: Number) -> jax.Array:
    """A symmetric, positive semidefinite matrix to the power -1/p.

    Eigenvalues that may be 0 count for nothing, as in a pseudoinverse; all numbers are
    NaN where one is negative by more than rounding explains.
    """
    values, vectors, unit = symmetric_eigen(matrix)
    size = len(values) * values[0]
    powers = jnp.power(values * unit, -1 / p)
    least = jnp.finfo(values.dtype).eps * size
    factors = jnp.where(values > least, powers, 0.0)
    is_negative = jnp.any(~(values >= -(2**-23) * size))
    root = product(factors * vectors, vectors.T)
    return jnp.where(is_negative, jnp.nan, root).astype(matrix.dtype)


def eigenvectors(matrix: jax.Array) -> jax.Array:
    """The eigenvectors of a symmetric matrix as columns, the largest value's first."""
    return symmetric_eigen(matrix)[1].astype(matrix.dtype)


def orthonormal(matrix: jax.Array) -> jax.Array:
    """Q of the QR decomposition whose R has no negative number on its diagonal.

    Columns beyond as many as there are rows are 0.
    """
    exact = widest(matrix)
    rows, columns = matrix.shape
    largest = jnp.max(jnp.abs(exact), initial=0.0)
    unit = jnp.where(largest > 0, largest, 1.0)
    q, r = jnp.linalg.qr(exact[:, : min(rows, columns)] / unit)
    signed = q * jnp.where(jnp.diagonal(r) < 0, -1.0, 1.0)
    padded = jnp.pad(signed, ((0, 0), (0, columns - signed.shape[1])))
    return jnp.where(jnp.isfinite(largest), padded, jnp.nan).astype(matrix.dtype)
