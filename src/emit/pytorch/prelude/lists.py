"""Several tensors at once."""

from __future__ import annotations

from typing import TypeVar, Union

import torch
from torch import Tensor

Operand = Union["TensorList", float, Tensor]


class TensorList:
    """Tensors of one type on one device that are computed with at once."""

    def __init__(self, tensors: list[Tensor]) -> None:
        self.tensors = tensors

    @property
    def shape(self) -> torch.Size:
        return self.tensors[0].shape

    @property
    def ndim(self) -> int:
        return self.tensors[0].ndim

    def numel(self) -> int:
        return self.tensors[0].numel()

    def __add__(self, other: Operand) -> TensorList:
        return TensorList(list(torch._foreach_add(self.tensors, plain(other))))

    def __radd__(self, other: float | Tensor) -> TensorList:
        return self + other

    def __sub__(self, other: Operand) -> TensorList:
        if isinstance(other, TensorList):
            return TensorList(list(torch._foreach_sub(self.tensors, other.tensors)))
        return self + -other

    def __rsub__(self, other: float | Tensor) -> TensorList:
        return (-self).add_(other)

    def __mul__(self, other: Operand) -> TensorList:
        return TensorList(list(torch._foreach_mul(self.tensors, plain(other))))

    def __rmul__(self, other: float | Tensor) -> TensorList:
        return self * other

    def __truediv__(self, other: Operand) -> TensorList:
        return TensorList(list(torch._foreach_div(self.tensors, plain(other))))

    def __rtruediv__(self, other: float | Tensor) -> TensorList:
        # No function of many tensors rounds this once.
        return TensorList([other / x for x in self.tensors])

    def __neg__(self) -> TensorList:
        return TensorList(list(torch._foreach_neg(self.tensors)))

    def add_(self, other: Operand) -> TensorList:
        torch._foreach_add_(self.tensors, plain(other))
        return self

    def sub_(self, other: Operand) -> TensorList:
        if isinstance(other, TensorList):
            torch._foreach_sub_(self.tensors, other.tensors)
            return self
        return self.add_(-other)

    def mul_(self, other: Operand) -> TensorList:
        torch._foreach_mul_(self.tensors, plain(other))
        return self

    def div_(self, other: Operand) -> TensorList:
        torch._foreach_div_(self.tensors, plain(other))
        return self

    def square(self) -> TensorList:
        return self * self

    def square_(self) -> TensorList:
        return self.mul_(self)

    def sqrt(self) -> TensorList:
        return TensorList(list(torch._foreach_sqrt(self.tensors)))

    def sqrt_(self) -> TensorList:
        torch._foreach_sqrt_(self.tensors)
        return self

    def abs(self) -> TensorList:
        return TensorList(list(torch._foreach_abs(self.tensors)))

    def abs_(self) -> TensorList:
        torch._foreach_abs_(self.tensors)
        return self

    def neg_(self) -> TensorList:
        torch._foreach_neg_(self.tensors)
        return self

    def reciprocal(self) -> TensorList:
        return TensorList(list(torch._foreach_reciprocal(self.tensors)))

    def reciprocal_(self) -> TensorList:
        torch._foreach_reciprocal_(self.tensors)
        return self

    def clone(self) -> TensorList:
        return TensorList([x.clone() for x in self.tensors])

    def copy_(self, other: TensorList) -> TensorList:
        torch._foreach_copy_(self.tensors, other.tensors)
        return self


X = TypeVar("X", Tensor, TensorList)


def plain(x: Operand) -> list[Tensor] | float | Tensor:
    """What PyTorch's functions of many tensors take."""
    return x.tensors if isinstance(x, TensorList) else x


def add_scaled(x: X, y: X, factor: float | Tensor) -> X:
    """x + factor * y."""
    if isinstance(x, Tensor) and not isinstance(factor, Tensor):
        return torch.addcdiv(x, y, x.new_ones(()), value=factor)
    return x + y * factor


def add_scaled_(x: X, y: X, factor: float | Tensor) -> X:
    """The same in the place of x, in one pass that rounds twice; ``alpha=`` does once."""
    if isinstance(x, Tensor) and not isinstance(factor, Tensor):
        return x.addcdiv_(y, x.new_ones(()), value=factor)
    return x.add_(y * factor)


def add_ratio(x: X, y: X, divisor: X, factor: float | Tensor) -> X:
    """x + factor * y / divisor."""
    if isinstance(x, Tensor) and not isinstance(factor, Tensor):
        return torch.addcdiv(x, y, divisor, value=factor)
    return x + y * factor / divisor


def add_ratio_(x: X, y: X, divisor: X, factor: float | Tensor) -> X:
    """The same in the place of x."""
    if isinstance(x, Tensor) and not isinstance(factor, Tensor):
        return x.addcdiv_(y, divisor, value=factor)
    return x.add_(y * factor / divisor)
