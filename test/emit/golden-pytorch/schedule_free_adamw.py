from __future__ import annotations

import math
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.optim.optimizer import ParamsT

from optc_runtime import (
    EvaluatedRule,
    Hyperparameter,
    Interval,
    Numbers,
    Slot,
    X,
    add_scaled_,
    divide,
    power,
)

__all__ = ["ScheduleFreeAdamW"]


class ScheduleFreeAdamW(EvaluatedRule):
    r"""Schedule-Free AdamW: AdamW whose averaged weights are as good as those of a learning
    rate that falls to 0, without knowing when the run ends.

    :math:`\gamma_t = \eta \min(1, (t + 1) / T_w)`
    :math:`c = a_t / \sum_{s \le t} a_s`, :math:`a_t = (t + 1)^r \gamma_{\max}^p`
    :math:`v \leftarrow \beta_2 v + (1 - \beta_2) g^2`
    :math:`s = \gamma_t (g / (\sqrt{\hat v} + \epsilon) + \lambda y)`
    :math:`y \leftarrow y - c (y - z) - (1 - \beta_1 (1 - c)) \, s`
    :math:`z \leftarrow z - s`

    The parameter is :math:`y`, where gradients are taken. A model is evaluated with the
    average :math:`x = (y - (1 - \beta_1) z) / \beta_1`.

    Source: Defazio, Yang, Mehta, Mishchenko, Khaled and Cutkosky, 2024, The Road Less
    Scheduled, https://arxiv.org/abs/2405.15682

    Defaults: the authors' code, with ``weight_lr_power`` for :math:`p` and
    ``warmup_steps`` for :math:`T_w`. Moving averages of batch normalization are those
    at :math:`y`: pass data through the model with the weights to evaluate with before
    it is evaluated.
    schedulefree ``AdamWScheduleFree``: the same numbers; its ``eval()`` and ``train()``
    are ``withEvaluationWeights`` of the emitted class. The paper: corrects the learning
    rate instead of :math:`v`. PyTorch has none. Keras ``ScheduleFreeAdamW``: the same
    numbers at a steady rate and without weight decay; its weights of the average are
    all 1, and it has no way to the average.
    Optax ``contrib.schedule_free_adamw``: the same numbers.

    Call ``eval()`` before the model is evaluated or saved, which puts other weights in
    its place, and ``train()`` before the next step.

    ::

        rate = lr * min((t + 1) / max(warmup_steps, 1), 1)
        largest = max(rate, largest)
        weight = (t + 1)^r * largest^weight_lr_power
        total = total + weight
        c = where(total > 0, weight / total, 0)
        average = beta2 * average + (1 - beta2) * square(g)
        v_hat = average / (1 - beta2^(t + 1))
        step = rate * (g / (sqrt(v_hat) + epsilon) + weight_decay * w)
        w = w - (c * (w - z) + (1 - beta1 * (1 - c)) * step)
        z = z - step
        evaluate = z + (w - z) / beta1

    Args:
        params: Parameters, or groups of them with values of their own.
        lr: In (0, inf).
        beta1: In (0, 1).
        beta2: In [0, 1).
        epsilon: In [0, inf).
        weight_decay: In [0, inf).
        warmup_steps: In [0, inf).
        r: In [0, inf).
        weight_lr_power: In [0, inf).
        total_steps: Number of steps of the whole run, for hyperparameters that depend
            on it.
        maximize: Whether to go up instead of down.
        foreach: Whether to update many parameters at once, to the same numbers, which
            is done unless it is False.
        stochastic_rounding: Whether parameters in bfloat16 are rounded at random, so
            that small updates are not lost.

    States:
        z: Shaped like the parameter.
        average: Shaped like the parameter.
    """

    intervals: ClassVar[dict[str, Interval]] = {
        "lr": Interval(0.0, math.inf, False, False),
        "beta1": Interval(0.0, 1.0, False, False),
        "beta2": Interval(0.0, 1.0, True, False),
        "epsilon": Interval(0.0, math.inf, True, False),
        "weight_decay": Interval(0.0, math.inf, True, False),
        "warmup_steps": Interval(0.0, math.inf, True, False),
        "r": Interval(0.0, math.inf, True, False),
        "weight_lr_power": Interval(0.0, math.inf, True, False),
    }
    takes_lists = True
    by_element = True

    def __init__(
        self,
        params: ParamsT,
        lr: Hyperparameter = 0.0025,
        beta1: Hyperparameter = 0.9,
        beta2: Hyperparameter = 0.999,
        epsilon: Hyperparameter = 1e-8,
        weight_decay: Hyperparameter = 0,
        warmup_steps: Hyperparameter = 0,
        r: Hyperparameter = 0,
        weight_lr_power: Hyperparameter = 2,
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
                "warmup_steps": warmup_steps,
                "r": r,
                "weight_lr_power": weight_lr_power,
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
        warmup_steps = self._value(group, "warmup_steps")
        r = self._value(group, "r")
        weight_lr_power = self._value(group, "weight_lr_power")
        largest = group.setdefault("run_largest", float(0))
        total = group.setdefault("run_total", float(0))
        beta2_correction = 1 - beta2 ** (t + 1)
        rate = lr * min((t + 1) / max(warmup_steps, 1), 1)
        largest2 = max(rate, largest)
        weight = power(t + 1, r) * power(largest2, weight_lr_power)
        total2 = total + weight
        c = divide(weight, total2) if total2 > 0 else 0
        step_size = 1 - beta1 * (1 - c)
        return (
            beta2,
            epsilon,
            weight_decay,
            beta2_correction,
            rate,
            largest2,
            total2,
            c,
            step_size,
        )

    def _begin(self, slot: Slot[Tensor], numbers: Numbers) -> None:
        w = slot.w
        if "z" not in slot.state:
            slot.state["z"] = w.clone()
            slot.state["average"] = torch.zeros_like(w)

    def _update(self, slot: Slot[X], numbers: Numbers) -> None:
        w, g = slot.w, slot.g
        beta2, epsilon, weight_decay, beta2_correction, rate, _, _, c, step_size = (
            numbers
        )
        z = slot.state["z"]
        average = slot.state["average"]
        add_scaled_(average.mul_(beta2), g.square(), 1 - beta2)
        v_hat = average / beta2_correction
        step = add_scaled_(g / v_hat.sqrt_().add_(epsilon), w, weight_decay).mul_(rate)
        w.sub_(add_scaled_((w - z).mul_(c), step, step_size))
        z.sub_(step)

    def _finish(self, group: dict[str, Any], numbers: Numbers) -> None:
        _, _, _, _, _, largest2, total2, _, _ = numbers
        group["run_largest"] = largest2
        group["run_total"] = total2
        super()._finish(group, numbers)

    def _evaluation_numbers(self, group: dict[str, Any]) -> Numbers:
        t = group["t"] - 1
        beta1 = self._value(group, "beta1", t)
        return (beta1,)

    def _evaluated(self, slot: Slot[Tensor], numbers: Numbers) -> Tensor:
        w = slot.w
        (beta1,) = numbers
        z = slot.state["z"]
        return (w - z).div_(beta1).add_(z)
