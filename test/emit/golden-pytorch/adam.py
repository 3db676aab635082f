from __future__ import annotations

import math
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.optim.optimizer import ParamsT

from optc_runtime import (
    Hyperparameter,
    Interval,
    Numbers,
    Rule,
    Slot,
    X,
    add_ratio_,
    add_scaled,
    add_scaled_,
)

__all__ = ["Adam"]


class Adam(Rule):
    r"""Adam: a running mean of the gradient, divided by the root of a running mean of its
    square.

    :math:`m \leftarrow \beta_1 m + (1 - \beta_1) g`, :math:`\hat m = m / (1 -
    \beta_1^{t + 1})`
    :math:`v \leftarrow \beta_2 v + (1 - \beta_2) g^2`, :math:`\hat v = v / (1 -
    \beta_2^{t + 1})` :math:`w \leftarrow w - \eta \, \hat m / (\sqrt{\hat v} +
    \epsilon)`, with :math:`g + \lambda w` for :math:`g`

    Source: Kingma and Ba, 2015, Adam: A Method for Stochastic Optimization,
    https://arxiv.org/abs/1412.6980

    Defaults: the paper's and PyTorch's.
    PyTorch ``Adam``: the same numbers where all parameters have gradients at every step
    (see ``optc explain t``); ``weight_decay`` is the old one, part of the gradient
    (decoupled: ``std/adamw``).
    Keras ``Adam``: epsilon 1e-7, added to the root of the uncorrected :math:`v` (the
    paper's "epsilon hat"); weight decay is decoupled.
    Optax ``adam``: the same, without weight decay.

    ::

        gradient = g + weight_decay * w
        m = beta1 * m + (1 - beta1) * gradient
        v = beta2 * v + (1 - beta2) * square(gradient)
        m_hat = m / (1 - beta1^(t + 1))
        v_hat = v / (1 - beta2^(t + 1))
        w = w - lr * m_hat / (sqrt(v_hat) + epsilon)

    Args:
        params: Parameters, or groups of them with values of their own.
        lr: In (0, inf).
        beta1: In [0, 1).
        beta2: In [0, 1).
        epsilon: In [0, inf).
        weight_decay: In [0, inf).
        total_steps: Number of steps of the whole run, for hyperparameters that depend
            on it.
        maximize: Whether to go up instead of down.
        foreach: Whether to update many parameters at once, to the same numbers, which
            is done unless it is False.
        stochastic_rounding: Whether parameters in bfloat16 are rounded at random, so
            that small updates are not lost.

    States:
        m: Shaped like the parameter.
        v: Shaped like the parameter.
    """

    intervals: ClassVar[dict[str, Interval]] = {
        "lr": Interval(0.0, math.inf, False, False),
        "beta1": Interval(0.0, 1.0, True, False),
        "beta2": Interval(0.0, 1.0, True, False),
        "epsilon": Interval(0.0, math.inf, True, False),
        "weight_decay": Interval(0.0, math.inf, True, False),
    }
    takes_lists = True
    by_element = True

    def __init__(
        self,
        params: ParamsT,
        lr: Hyperparameter = 0.001,
        beta1: Hyperparameter = 0.9,
        beta2: Hyperparameter = 0.999,
        epsilon: Hyperparameter = 1e-8,
        weight_decay: Hyperparameter = 0,
        *,
        total_steps: int | None = None,
        maximize: bool = False,
        foreach: bool | None = None,
        stochastic_rounding: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "beta1": beta1,
                "beta2": beta2,
                "epsilon": epsilon,
                "weight_decay": weight_decay,
                "total_steps": total_steps,
                "maximize": maximize,
                "foreach": foreach,
                "stochastic_rounding": stochastic_rounding,
            },
        )

    def _numbers(self, group: dict[str, Any]) -> Numbers:
        t = group["t"]
        lr = self._value(group, "lr")
        beta1 = self._value(group, "beta1")
        beta2 = self._value(group, "beta2")
        epsilon = self._value(group, "epsilon")
        weight_decay = self._value(group, "weight_decay")
        beta1_correction = 1 - beta1 ** (t + 1)
        beta2_correction = 1 - beta2 ** (t + 1)
        return (
            lr,
            beta1,
            beta2,
            epsilon,
            weight_decay,
            beta1_correction,
            beta2_correction,
        )

    def _begin(self, slot: Slot[Tensor], numbers: Numbers) -> None:
        w = slot.w
        if "m" not in slot.state:
            slot.state["m"] = torch.zeros_like(w)
            slot.state["v"] = torch.zeros_like(w)

    def _update(self, slot: Slot[X], numbers: Numbers) -> None:
        w, g = slot.w, slot.g
        lr, beta1, beta2, epsilon, weight_decay, beta1_correction, beta2_correction = (
            numbers
        )
        m = slot.state["m"]
        v = slot.state["v"]
        gradient = add_scaled(g, w, weight_decay)
        add_scaled_(m.mul_(beta1), gradient, 1 - beta1)
        add_scaled_(v.mul_(beta2), gradient.square_(), 1 - beta2)
        m_hat = m / beta1_correction
        v_hat = v / beta2_correction
        add_ratio_(w, m_hat, v_hat.sqrt_().add_(epsilon), -lr)
