"""Functions of tensors that PyTorch lacks, or has otherwise at NaN, zeros and ends."""

from collections.abc import Callable

import torch
from torch import Tensor

Number = float | Tensor


def exactly(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """What a function gives in 64 bits, rounded once."""
    return function(x.double()).to(x.dtype)


def like(x: Number, other: Tensor) -> Tensor:
    """A number as a tensor, or a tensor as it is."""
    return x if isinstance(x, Tensor) else other.new_tensor(x)


def tensor_of(a: Number, b: Number) -> Tensor:
    """The one of two that is a tensor, the larger of two tensors."""
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return a if a.numel() >= b.numel() else b
    return a if isinstance(a, Tensor) else like(b, torch.empty(()))


def tensor_power(base: Number, exponent: Number) -> Tensor:
    """The power, rounded once."""
    some = tensor_of(base, exponent)
    return torch.pow(like(base, some).double(), exponent).to(some.dtype)


def tensor_sign(x: Tensor) -> Tensor:
    """1 for positive numbers, -1 for negative ones, else the number itself."""
    return torch.where(x > 0, 1.0, torch.where(x < 0, -1.0, x))


def tensor_minimum(a: Number, b: Number) -> Tensor:
    """The smaller of two numbers: NaN if either is, and -0 below 0."""
    some = tensor_of(a, b)
    a, b = like(a, some), like(b, some)
    smaller = torch.minimum(a, b)
    return torch.where((a == 0) & (b == 0), -(-a + -b), smaller)


def tensor_maximum(a: Number, b: Number) -> Tensor:
    """The larger of two numbers: NaN if either is, and 0 above -0."""
    some = tensor_of(a, b)
    a, b = like(a, some), like(b, some)
    return torch.where((a == 0) & (b == 0), a + b, torch.maximum(a, b))


def tensor_modulo(a: Number, b: Number) -> Tensor:
    """The remainder of a floored division, with the sign of the divisor."""
    some = tensor_of(a, b)
    divisor = like(b, some).double()
    rest = torch.remainder(like(a, some).double(), divisor)
    signed = torch.where(rest == 0, torch.copysign(rest, divisor), rest)
    return signed.to(some.dtype)


def tensor_relu(x: Tensor) -> Tensor:
    """The number where it is positive, else 0."""
    return torch.where(x <= 0, 0.0, x)


def tensor_negative_part(x: Tensor) -> Tensor:
    """The number where it is negative, else 0."""
    return torch.where(x > 0, 0.0, x)


def tensor_sigmoid(x: Tensor) -> Tensor:
    """The logistic function, also where it is tiny."""
    return torch.exp(x.clamp(max=0)) / (1 + torch.exp(-x.abs()))


def tensor_softplus(x: Tensor) -> Tensor:
    """The logarithm of 1 + exp(x)."""
    return tensor_relu(x) + torch.log1p(torch.exp(-x.abs()))


def tensor_softsign(x: Tensor) -> Tensor:
    """x / (1 + abs(x))."""
    return x / (x.abs() + 1)


def tensor_log_abs(x: Tensor) -> Tensor:
    """The logarithm of abs(x) + 1e-7, rounded once."""
    return torch.log(x.double().abs() + 1e-7).to(x.dtype)


def tensor_log_one_plus_exp(x: Tensor) -> Tensor:
    """The logarithm of 1 + exp(x) + 1e-7."""
    top = tensor_relu(x)
    rest = torch.exp(-x.abs()) + 1e-7 * torch.exp(-top)
    return top + torch.log1p(rest)


def tensor_tanh_derivative(x: Tensor) -> Tensor:
    """The derivative of tanh, also where it is tiny."""
    return 4 * tensor_sigmoid_derivative(2 * x)


def tensor_sigmoid_derivative(x: Tensor) -> Tensor:
    """The derivative of the logistic function."""
    e = torch.exp(-x.abs())
    return e / (e + 1).square()


def tensor_add_epsilon(x: Tensor) -> Tensor:
    """x + 1e-7, the sum in more digits than 1e-7 has as a number of 32 bits."""
    return (x.double() + 1e-7).to(x.dtype)


def tensor_damp(a: Number, b: Number) -> Tensor:
    """a / sqrt(1 + b^2)."""
    some = tensor_of(a, b)
    size = like(b, some).double()
    return a / torch.sqrt(1 + size * size).to(some.dtype)


def tensor_clip(x: Number, bound: Number) -> Tensor:
    """The number limited to [-abs(bound), abs(bound)]."""
    size = bound.abs() if isinstance(bound, Tensor) else abs(bound)
    return tensor_minimum(tensor_maximum(x, -size), size)


def norm(x: Tensor) -> Tensor:
    """The euclidean norm, in 64 bits so that squares neither overflow nor vanish."""
    return torch.linalg.vector_norm(x, dtype=torch.float64).to(x.dtype)


def input_axes(w: Tensor) -> tuple[int, ...]:
    """The axes of the inputs: all but the first, which that of the outputs is."""
    return tuple(range(1, w.ndim))


def output_axes(w: Tensor) -> tuple[int, ...]:
    """The axis of the outputs: the first."""
    return (0,) if w.ndim > 0 else ()


def sum_over(axes: tuple[int, ...], x: Tensor) -> Tensor:
    """The sums along some axes, which keep the length 1."""
    return x.sum(axes, keepdim=True) if axes else x.clone()


def mean_over(axes: tuple[int, ...], x: Tensor) -> Tensor:
    """The means along some axes, which keep the length 1."""
    return x.mean(axes, keepdim=True) if axes else x.clone()


def max_abs_over(axes: tuple[int, ...], x: Tensor) -> Tensor:
    """The largest sizes along some axes, which keep the length 1."""
    return x.abs().amax(axes, keepdim=True) if axes else x.abs()


def norm_over(axes: tuple[int, ...], x: Tensor) -> Tensor:
    """The euclidean norms along some axes, which keep the length 1."""
    if not axes:
        return x.abs()
    wide = torch.linalg.vector_norm(x, dim=axes, keepdim=True, dtype=torch.float64)
    return wide.to(x.dtype)


def fan_out(w: Tensor) -> int:
    """The number of outputs of each input: all but the axis of the inputs."""
    return w.numel() if w.ndim < 2 else w.numel() // w.shape[1]


def fan_in(w: Tensor) -> int:
    """The number of inputs of each output: all but the axis of the outputs."""
    return w.numel() if w.ndim < 2 else w.numel() // w.shape[0]


def count_outputs(w: Tensor) -> int:
    """The length of the axis of the outputs."""
    return w.shape[0] if w.ndim > 0 else 1


def count_inputs(w: Tensor) -> int:
    """The length of the axis of the inputs; 1 for a vector."""
    return w.numel() // count_outputs(w)


def spread(w: Tensor, axes: tuple[int, ...], x: Number) -> Tensor:
    """A number for each place beside some axes, which have the length 1."""
    shape = [1 if axis in axes else length for axis, length in enumerate(w.shape)]
    result = w.new_empty(shape)
    return result.copy_(x) if isinstance(x, Tensor) else result.fill_(x)


def check_side(length: int, longest: int, axis: str, reason: str) -> None:
    """Refuse a parameter that is too long for what a rule makes of it.

    Raises:
        ValueError: It has more inputs or outputs than that.
    """
    if length > longest:
        raise ValueError(
            f"a parameter has {length} {axis}, and at most {longest} can be taken: "
            f"{reason}"
        )
