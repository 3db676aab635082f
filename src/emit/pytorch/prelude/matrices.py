"""Parameters as matrices, with inputs as rows and outputs as columns."""

import torch
from torch import Tensor


def as_matrix(x: Tensor, w: Tensor) -> Tensor:
    """What there is one of for each element, as a matrix of inputs and outputs."""
    return x.expand(w.shape).reshape(w.shape[0], -1).mT


def as_parameter(matrix: Tensor, w: Tensor) -> Tensor:
    """A matrix of inputs and outputs in the shape of a parameter."""
    return matrix.mT.reshape(w.shape)


def symmetric_eigen(matrix: Tensor) -> tuple[Tensor, Tensor, Tensor] | None:
    """Eigenvalues from the largest down, eigenvectors and a unit, in 64 bits.

    A matrix is divided by the unit first, so that nothing overflows or vanishes. The
    first of the largest numbers of an eigenvector is positive. None where a number is
    not finite.
    """
    wide = matrix.double()
    largest = wide.abs().amax()
    if not bool(torch.isfinite(largest)):
        return None
    unit = torch.exp2(torch.floor(torch.log2(torch.where(largest > 0, largest, 1.0))))
    half = wide / unit / 2
    values, vectors = torch.linalg.eigh(half + half.mT)
    # From the largest down, and equal ones in the order they were found in.
    order = torch.argsort(values, descending=True, stable=True)
    values, vectors = values[order], vectors[:, order]
    # Numbers that differ by rounding count as equal, so that rounding decides no sign.
    sizes = vectors.abs()
    first = (sizes >= 0.999 * sizes.amax(0)).to(torch.int8).argmax(0, keepdim=True)
    leading = vectors.gather(0, first)
    return values, torch.where(leading < 0, -vectors, vectors), unit


def inverse_root(matrix: Tensor, p: float) -> Tensor:
    """A symmetric, positive semidefinite matrix to the power -1/p.

    Eigenvalues that may be 0 count for nothing, as in a pseudoinverse; all numbers are
    NaN where one is negative by more than rounding explains.
    """
    pairs = symmetric_eigen(matrix)
    if pairs is None:
        return torch.full_like(matrix, torch.nan)
    values, vectors, unit = pairs
    size = len(values) * values[0]
    if bool((values < -(2**-23) * size).any()):
        return torch.full_like(matrix, torch.nan)
    powers = torch.pow(values * unit, -1 / p)
    factors = torch.where(values > 2**-52 * size, powers, 0.0)
    return ((factors * vectors) @ vectors.mT).to(matrix.dtype)


def eigenvectors(matrix: Tensor) -> Tensor:
    """The eigenvectors of a symmetric matrix as columns, the largest value's first."""
    pairs = symmetric_eigen(matrix)
    if pairs is None:
        return torch.full_like(matrix, torch.nan)
    return pairs[1].to(matrix.dtype)


def orthonormal(matrix: Tensor) -> Tensor:
    """Q of the QR decomposition whose R has no negative number on its diagonal.

    Columns beyond as many as there are rows are 0.
    """
    wide = matrix.double()
    largest = wide.abs().amax()
    if not bool(torch.isfinite(largest)):
        return torch.full_like(matrix, torch.nan)
    rows, columns = matrix.shape
    unit = torch.where(largest > 0, largest, 1.0)
    q, r = torch.linalg.qr(wide[:, : min(rows, columns)] / unit)
    signs = torch.where(r.diagonal() < 0, -1.0, 1.0)
    result = torch.zeros_like(matrix)
    result[:, : q.shape[1]] = (q * signs).to(matrix.dtype)
    return result


def identity(count: int, w: Tensor) -> Tensor:
    """The identity matrix with as many rows."""
    return torch.eye(count, dtype=w.dtype, device=w.device)
