"""Tensors as matrices, with inputs as rows and outputs as columns."""

from keras import ops

from .arrays import count_inputs, count_outputs, power_of_two
from .full import in_full
from .variables import WIDE, Number, Tensor, wide


def as_matrix(x: Tensor, w: Tensor) -> Tensor:
    """What there is one of for each element, as a matrix of inputs and outputs."""
    whole = ops.broadcast_to(ops.cast(x, w.dtype), tuple(w.shape))
    return ops.reshape(whole, (count_inputs(w), count_outputs(w)))


def as_array(matrix: Tensor, w: Tensor) -> Tensor:
    """A matrix of inputs and outputs in the shape of a parameter."""
    return ops.reshape(matrix, tuple(w.shape))


def product(a: Tensor, b: Tensor) -> Tensor:
    """The product of matrices."""
    return ops.matmul(a, b)


def symmetric_eigen(matrix: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Eigenvalues from the largest down, eigenvectors and a unit.

    A matrix is divided by the unit first, so that nothing overflows or vanishes. The
    first of the largest numbers of an eigenvector is positive. All is NaN where a
    number is not finite.
    """
    exact = wide(matrix)
    largest = ops.max(ops.abs(exact), initial=0.0)
    is_finite = ops.all(ops.isfinite(exact))
    unit = power_of_two(largest)
    # Backends raise at numbers that are not finite.
    half = ops.where(is_finite, exact / unit / 2, 0.0)
    values, vectors = ops.linalg.eigh(half + ops.transpose(half))
    # From the largest down, and equal ones in the order they were found in.
    order = ops.argsort(-values)
    values, vectors = ops.take(values, order), ops.take(vectors, order, axis=1)
    # Numbers that differ by rounding count as equal, so that rounding decides no sign.
    sizes = ops.abs(vectors)
    is_largest = sizes >= 0.999 * ops.max(sizes, axis=0)
    first = ops.argmax(ops.cast(is_largest, "int32"), axis=0)
    leading = ops.take_along_axis(vectors, ops.expand_dims(first, 0), axis=0)
    finite = wide(ops.where(is_finite, 1.0, float("nan")))
    return values * finite, ops.where(leading < 0, -vectors, vectors) * finite, unit


def inverse_root(matrix: Tensor, p: Number) -> Tensor:
    """A symmetric, positive semidefinite matrix to the power -1/p.

    Eigenvalues that may be 0 count for nothing, as in a pseudoinverse; all numbers are
    NaN where one is negative by more than rounding explains.
    """
    values, vectors, unit = symmetric_eigen(matrix)
    size = values.shape[0] * values[0]
    powers = (values * unit) ** (-1 / wide(p))
    epsilon = 2.0**-52 if WIDE == "float64" else 2.0**-23
    factors = ops.where(values > epsilon * size, powers, 0.0)
    is_negative = ops.any(ops.logical_not(values >= -(2.0**-23) * size))
    root = in_full("matmul", factors * vectors, ops.transpose(vectors))
    return ops.cast(ops.where(is_negative, float("nan"), root), matrix.dtype)


def eigenvectors(matrix: Tensor) -> Tensor:
    """The eigenvectors of a symmetric matrix as columns, the largest value's first."""
    return ops.cast(symmetric_eigen(matrix)[1], matrix.dtype)


def orthonormal(matrix: Tensor) -> Tensor:
    """Q of the QR decomposition whose R has no negative number on its diagonal.

    Columns beyond as many as there are rows are 0.
    """
    exact = wide(matrix)
    rows, columns = matrix.shape
    largest = ops.max(ops.abs(exact), initial=0.0)
    is_finite = ops.all(ops.isfinite(exact))
    unit = ops.where(largest > 0, largest, 1.0)
    usable = ops.where(is_finite, exact / unit, 0.0)
    q, r = ops.linalg.qr(usable[:, : min(rows, columns)])
    signed = q * ops.where(ops.diagonal(r) < 0, wide(-1.0), wide(1.0))
    padded = ops.pad(signed, ((0, 0), (0, columns - signed.shape[1])))
    return ops.cast(ops.where(is_finite, padded, float("nan")), matrix.dtype)
