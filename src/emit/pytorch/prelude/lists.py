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

    @property
    def is_cpu(self) -> bool:
        return self.tensors[0].is_cpu

    def numel(self) -> int:
        return self.tensors[0].numel()

    def new_tensor(self, x: float) -> TensorList:
        return TensorList([each.new_tensor(x) for each in self.tensors])

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

    def addcdiv(
        self, y: TensorList, divisor: TensorList | Tensor, *, value: float
    ) -> TensorList:
        divisors = self._divisors(divisor)
        return TensorList(
            list(torch._foreach_addcdiv(self.tensors, y.tensors, divisors, value=value))
        )

    def addcdiv_(
        self, y: TensorList, divisor: TensorList | Tensor, *, value: float
    ) -> TensorList:
        divisors = self._divisors(divisor)
        torch._foreach_addcdiv_(self.tensors, y.tensors, divisors, value=value)
        return self

    def _divisors(self, divisor: TensorList | Tensor) -> list[Tensor]:
        if isinstance(divisor, TensorList):
            return divisor.tensors
        return [divisor] * len(self.tensors)

    def clone(self) -> TensorList:
        return TensorList([x.clone() for x in self.tensors])

    def copy_(self, other: TensorList) -> TensorList:
        torch._foreach_copy_(self.tensors, other.tensors)
        return self


X = TypeVar("X", Tensor, TensorList)

# On a processor, whatever device is the default where the module is loaded.
ONE = torch.ones((), device="cpu")


def plain(x: Operand) -> list[Tensor] | float | Tensor:
    """What PyTorch's functions of many tensors take."""
    return x.tensors if isinstance(x, TensorList) else x


def add_scaled(x: X, y: X, factor: float | Tensor) -> X:
    """x + factor * y."""
    if x.is_cpu and not isinstance(factor, Tensor):
        return x.addcdiv(y, ONE, value=factor)
    return x + scaled(y, factor)


def add_scaled_(x: X, y: X, factor: float | Tensor) -> X:
    """The same in the place of x.

    A quotient by 1 does it in one pass that rounds twice, as a product and a sum do;
    ``alpha=`` rounds once, and so does every such pass on a card.
    """
    if x.is_cpu and not isinstance(factor, Tensor):
        return x.addcdiv_(y, ONE, value=factor)
    return x.add_(scaled(y, factor))


def add_ratio(x: X, y: X, divisor: X, factor: float | Tensor) -> X:
    """x + factor * y / divisor."""
    if x.is_cpu and not isinstance(factor, Tensor):
        return x.addcdiv(y, divisor, value=factor)
    return x + ratio(y, divisor, factor)


def add_ratio_(x: X, y: X, divisor: X, factor: float | Tensor) -> X:
    """The same in the place of x."""
    if x.is_cpu and not isinstance(factor, Tensor):
        return x.addcdiv_(y, divisor, value=factor)
    return x.add_(ratio(y, divisor, factor))


def scaled(y: X, factor: float | Tensor) -> X:
    """factor * y."""
    return y * factor


def ratio(y: X, divisor: X, factor: float | Tensor) -> X:
    """factor * y / divisor."""
    return y * factor / divisor
