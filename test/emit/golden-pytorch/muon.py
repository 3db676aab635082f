from __future__ import annotations

import math
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.optim.optimizer import ParamsT

from optc_runtime import (
    Hidden,
    Hyperparameter,
    Interval,
    Numbers,
    Rule,
    Slot,
    add_scaled,
    add_scaled_,
    as_matrix,
    as_parameter,
    check_side,
    count_inputs,
    count_outputs,
    norm,
)

__all__ = ["Muon"]


class Muon(Rule):
    r"""Muon: momentum, of matrices made orthogonal; AdamW for vectors and numbers.

    :math:`m \leftarrow \mu m + (1 - \mu) g`, :math:`u = (1 - \mu) g + \mu m`
    :math:`w \leftarrow w - \eta (\sqrt{\max(1, n_{out} / n_{in})} \, o(u) + \lambda w)`
    with :math:`o` the iteration of Newton and Schulz in ``orthogonalize`` of
    ``std/wrappers``, which brings singular values close to 1
    Vectors, numbers and what is not hidden: AdamW, at the rate :math:`\rho \eta`.

    Source: Jordan, Jin, Boza, You, Cesista, Newhouse and Bernstein, 2024, Muon: An
    optimizer for hidden layers in neural networks,
    https://kellerjordan.github.io/posts/muon/

    Defaults: PyTorch's for matrices, the authors' AdamW for the others, at 0.3 of the
    rate. PyTorch ``Muon``: the same numbers for matrices, but that it iterates in
    bfloat16; it takes nothing else. Filters are matrices of inputs and outputs here, as
    in the authors' code. The authors leave embeddings and the last layer to AdamW too:
    name them with ``notHidden``. Keras ``Muon``: momentum without the factor, and steps
    of another length.
    Optax ``contrib.muon``: momentum without the factor :math:`1 - \mu`, which the
    iteration takes out.

    ::

        if is_hidden(w)
          m = mu * m + (1 - mu) * g
          start = ((1 - mu) * g + mu * m) / max(norm((1 - mu) * g + mu * m), 1e-7)
          if input_count(w) < output_count(w)
            squares = matmul(start, transpose(start))
            first = 3.4445 * start + matmul(-4.775 * squares + 2.0315 * matmul(squares, squares), start)
            squares_2 = matmul(first, transpose(first))
            second = 3.4445 * first + matmul(-4.775 * squares_2 + 2.0315 * matmul(squares_2, squares_2), first)
            squares_3 = matmul(second, transpose(second))
            third = 3.4445 * second + matmul(-4.775 * squares_3 + 2.0315 * matmul(squares_3, squares_3), second)
            squares_4 = matmul(third, transpose(third))
            fourth = 3.4445 * third + matmul(-4.775 * squares_4 + 2.0315 * matmul(squares_4, squares_4), third)
            squares_5 = matmul(fourth, transpose(fourth))
            step = 3.4445 * fourth + matmul(-4.775 * squares_5 + 2.0315 * matmul(squares_5, squares_5), fourth)
            w = w - lr * (sqrt(max(1, output_count(w) / input_count(w))) * step + weight_decay * w)
          else
            squares = matmul(transpose(start), start)
            first = 3.4445 * start + matmul(start, -4.775 * squares + 2.0315 * matmul(squares, squares))
            squares_2 = matmul(transpose(first), first)
            second = 3.4445 * first + matmul(first, -4.775 * squares_2 + 2.0315 * matmul(squares_2, squares_2))
            squares_3 = matmul(transpose(second), second)
            third = 3.4445 * second + matmul(second, -4.775 * squares_3 + 2.0315 * matmul(squares_3, squares_3))
            squares_4 = matmul(transpose(third), third)
            fourth = 3.4445 * third + matmul(third, -4.775 * squares_4 + 2.0315 * matmul(squares_4, squares_4))
            squares_5 = matmul(transpose(fourth), fourth)
            step = 3.4445 * fourth + matmul(fourth, -4.775 * squares_5 + 2.0315 * matmul(squares_5, squares_5))
            w = w - lr * (sqrt(max(1, output_count(w) / input_count(w))) * step + weight_decay * w)
        else
          average = beta1 * average + (1 - beta1) * g
          m_hat = average / (1 - beta1^(t + 1))
          average_2 = beta2 * average_2 + (1 - beta2) * square(g)
          v_hat = average_2 / (1 - beta2^(t + 1))
          w = w - adam_ratio * lr * (m_hat / (sqrt(v_hat) + epsilon) + weight_decay * w)

    Args:
        params: Parameters, or groups of them with values of their own.
        lr: In (0, inf).
        mu: In [0, 1).
        weight_decay: In [0, inf).
        adam_ratio: In [0, inf).
        beta1: In [0, 1).
        beta2: In [0, 1).
        epsilon: In (0, inf).
        total_steps: Number of steps of the whole run, for hyperparameters that depend
            on it.
        hidden: Whether a parameter of two dimensions or more, by its name (empty where
            the optimizer was not given names) and itself, is that of a hidden layer:
            embeddings and the last layer are not. All are when it is not given.
        maximize: Whether to go up instead of down.
        stochastic_rounding: Whether parameters in bfloat16 are rounded at random, so
            that small updates are not lost.

    States:
        m: Shaped like the parameter.
        average: Shaped like the parameter.
        average_2: Shaped like the parameter.
    """

    intervals: ClassVar[dict[str, Interval]] = {
        "lr": Interval(0.0, math.inf, False, False),
        "mu": Interval(0.0, 1.0, True, False),
        "weight_decay": Interval(0.0, math.inf, True, False),
        "adam_ratio": Interval(0.0, math.inf, True, False),
        "beta1": Interval(0.0, 1.0, True, False),
        "beta2": Interval(0.0, 1.0, True, False),
        "epsilon": Interval(0.0, math.inf, False, False),
    }

    def __init__(
        self,
        params: ParamsT,
        lr: Hyperparameter = 0.001,
        mu: Hyperparameter = 0.95,
        weight_decay: Hyperparameter = 0.1,
        adam_ratio: Hyperparameter = 0.3,
        beta1: Hyperparameter = 0.9,
        beta2: Hyperparameter = 0.95,
        epsilon: Hyperparameter = 1e-10,
        *,
        total_steps: int | None = None,
        hidden: Hidden | None = None,
        maximize: bool = False,
        stochastic_rounding: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "mu": mu,
                "weight_decay": weight_decay,
                "adam_ratio": adam_ratio,
                "beta1": beta1,
                "beta2": beta2,
                "epsilon": epsilon,
                "total_steps": total_steps,
                "hidden": hidden,
                "maximize": maximize,
                "stochastic_rounding": stochastic_rounding,
            },
        )

    def _numbers(self, group: dict[str, Any]) -> Numbers:
        t = group["t"]
        lr = self._value(group, "lr")
        mu = self._value(group, "mu")
        weight_decay = self._value(group, "weight_decay")
        adam_ratio = self._value(group, "adam_ratio")
        beta1 = self._value(group, "beta1")
        beta2 = self._value(group, "beta2")
        epsilon = self._value(group, "epsilon")
        beta1_correction = 1 - beta1 ** (t + 1)
        beta2_correction = 1 - beta2 ** (t + 1)
        return (
            lr,
            mu,
            weight_decay,
            adam_ratio,
            beta1,
            beta2,
            epsilon,
            beta1_correction,
            beta2_correction,
        )

    def _begin(self, slot: Slot[Tensor], numbers: Numbers) -> None:
        w = slot.w
        if slot.is_hidden and w.ndim >= 2:
            if count_inputs(w) < count_outputs(w):
                if "m" not in slot.state:
                    check_side(
                        count_inputs(w), 16384, "inputs", "matrices of inputs by inputs"
                    )
                    slot.state["m"] = torch.zeros_like(w)
            else:
                if "m" not in slot.state:
                    check_side(
                        count_outputs(w),
                        16384,
                        "outputs",
                        "matrices of outputs by outputs",
                    )
                    slot.state["m"] = torch.zeros_like(w)
        else:
            if "average" not in slot.state:
                slot.state["average"] = torch.zeros_like(w)
                slot.state["average_2"] = torch.zeros_like(w)

    def _update(self, slot: Slot[Tensor], numbers: Numbers) -> None:
        w, g = slot.w, slot.g
        (
            lr,
            mu,
            weight_decay,
            adam_ratio,
            beta1,
            beta2,
            epsilon,
            beta1_correction,
            beta2_correction,
        ) = numbers
        if slot.is_hidden and w.ndim >= 2:
            m = slot.state["m"]
            product = (1 - mu) * g
            m.mul_(mu).add_(product)
            total = add_scaled_(product, m, mu)
            start = total / norm(total).clamp_(min=1e-7)
            if count_inputs(w) < count_outputs(w):
                squares = as_matrix(start, w) @ as_matrix(start, w).mT
                first = add_scaled(
                    as_parameter(
                        (-4.775 * squares).add_((squares @ squares).mul_(2.0315))
                        @ as_matrix(start, w),
                        w,
                    ),
                    start,
                    3.4445,
                )
                squares2 = as_matrix(first, w) @ as_matrix(first, w).mT
                second = add_scaled(
                    as_parameter(
                        (-4.775 * squares2).add_((squares2 @ squares2).mul_(2.0315))
                        @ as_matrix(first, w),
                        w,
                    ),
                    first,
                    3.4445,
                )
                squares3 = as_matrix(second, w) @ as_matrix(second, w).mT
                third = add_scaled(
                    as_parameter(
                        (-4.775 * squares3).add_((squares3 @ squares3).mul_(2.0315))
                        @ as_matrix(second, w),
                        w,
                    ),
                    second,
                    3.4445,
                )
                squares4 = as_matrix(third, w) @ as_matrix(third, w).mT
                fourth = add_scaled(
                    as_parameter(
                        (-4.775 * squares4).add_((squares4 @ squares4).mul_(2.0315))
                        @ as_matrix(third, w),
                        w,
                    ),
                    third,
                    3.4445,
                )
                squares5 = as_matrix(fourth, w) @ as_matrix(fourth, w).mT
                step = add_scaled(
                    as_parameter(
                        (-4.775 * squares5).add_((squares5 @ squares5).mul_(2.0315))
                        @ as_matrix(fourth, w),
                        w,
                    ),
                    fourth,
                    3.4445,
                )
                add_scaled_(
                    w,
                    add_scaled_(
                        step.mul_(
                            math.sqrt(max(1, count_outputs(w) / count_inputs(w)))
                        ),
                        w,
                        weight_decay,
                    ),
                    -lr,
                )
            else:
                squares = as_matrix(start, w).mT @ as_matrix(start, w)
                first = add_scaled(
                    as_parameter(
                        as_matrix(start, w)
                        @ (-4.775 * squares).add_((squares @ squares).mul_(2.0315)),
                        w,
                    ),
                    start,
                    3.4445,
                )
                squares2 = as_matrix(first, w).mT @ as_matrix(first, w)
                second = add_scaled(
                    as_parameter(
                        as_matrix(first, w)
                        @ (-4.775 * squares2).add_((squares2 @ squares2).mul_(2.0315)),
                        w,
                    ),
                    first,
                    3.4445,
                )
                squares3 = as_matrix(second, w).mT @ as_matrix(second, w)
                third = add_scaled(
                    as_parameter(
                        as_matrix(second, w)
                        @ (-4.775 * squares3).add_((squares3 @ squares3).mul_(2.0315)),
                        w,
                    ),
                    second,
                    3.4445,
                )
                squares4 = as_matrix(third, w).mT @ as_matrix(third, w)
                fourth = add_scaled(
                    as_parameter(
                        as_matrix(third, w)
                        @ (-4.775 * squares4).add_((squares4 @ squares4).mul_(2.0315)),
                        w,
                    ),
                    third,
                    3.4445,
                )
                squares5 = as_matrix(fourth, w).mT @ as_matrix(fourth, w)
                step = add_scaled(
                    as_parameter(
                        as_matrix(fourth, w)
                        @ (-4.775 * squares5).add_((squares5 @ squares5).mul_(2.0315)),
                        w,
                    ),
                    fourth,
                    3.4445,
                )
                add_scaled_(
                    w,
                    add_scaled_(
                        step.mul_(
                            math.sqrt(max(1, count_outputs(w) / count_inputs(w)))
                        ),
                        w,
                        weight_decay,
                    ),
                    -lr,
                )
        else:
            average = slot.state["average"]
            average_2 = slot.state["average_2"]
            add_scaled_(average.mul_(beta1), g, 1 - beta1)
            m_hat = average / beta1_correction
            add_scaled_(average_2.mul_(beta2), g.square(), 1 - beta2)
            v_hat = average_2 / beta2_correction
            add_scaled_(
                w,
                add_scaled_(m_hat.div_(v_hat.sqrt_().add_(epsilon)), w, weight_decay),
                -(adam_ratio * lr),
            )
