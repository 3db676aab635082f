# Compiled by optc from std/schedule_free_adamw
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, Union, overload

import torch
from torch import Tensor
from torch._compile import _disable_dynamo
from torch.optim.optimizer import Optimizer, ParamsT

__all__ = ["ScheduleFreeAdamW"]


Numbers = tuple[Any, ...]


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


@dataclass
class Slot(Generic[X]):
    """A parameter in a step: what it is, its gradient and what is kept for it."""

    w: X
    g: X
    state: dict[str, X]
    parameter: Tensor
    index: int = 0
    is_hidden: bool = True
    updates: int = 0


class Interval(NamedTuple):
    """Where the values of a hyperparameter may be."""

    low: float
    high: float
    has_low: bool
    has_high: bool

    def holds(self, x: float, *, is_scheduled: bool) -> bool:
        """What changes from step to step may reach finite ends: rates begin at 0."""
        reaches = is_scheduled and math.isfinite(x)
        above = x > self.low or (x == self.low and (self.has_low or reaches))
        below = x < self.high or (x == self.high and (self.has_high or reaches))
        return above and below

    def __str__(self) -> str:
        begin = "[" if self.has_low else "("
        end = "]" if self.has_high else ")"
        return f"{begin}{self.low:g}, {self.high:g}{end}"


Hyperparameter = float | Tensor | Callable[[int, float], float]


BLOCK = 1 << 18


class Rule(Optimizer):
    """What the optimizers of this module have in common.

    A group holds a value for each hyperparameter, which a scheduler may change: a
    number, a tensor of one number, or a function of the step ``t``, which starts at
    0, and the number of steps ``T``. Parameters of 16 bits are updated in 32 bits,
    which their states have, too.
    """

    intervals: ClassVar[dict[str, Interval]] = {}
    takes_lists: ClassVar[bool] = False
    reads_shape: ClassVar[bool] = False
    by_element: ClassVar[bool] = False
    counts_updates: ClassVar[bool] = False
    _compiled: Callable[[list[Slot[Tensor]], Numbers], None] | None = None

    def __init__(self, params: ParamsT, defaults: dict[str, Any]) -> None:
        super().__init__(params, {"t": 0, **defaults})

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        super().add_param_group(param_group)
        group = self.param_groups[-1]
        group["t"] = max(each["t"] for each in self.param_groups)
        for parameter in group["params"]:
            if parameter.is_complex():
                raise TypeError(f"{type(self).__name__} takes no complex parameters")
        for name, interval in self.intervals.items():
            check_hyperparameter(name, group[name], interval)

    @overload
    def step(self, closure: None = None) -> None: ...

    @overload
    def step(self, closure: Callable[[], float]) -> float: ...

    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """Take one step.

        Args:
            closure: Computes the loss anew, and the gradients; its value is returned.
        """
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        with torch.no_grad():
            self._step(torch.compiler.is_compiling())
        return loss

    @_disable_dynamo
    def _step(self, is_compiled: bool) -> None:
        """Take a step, of which what is done to tensors may be compiled."""
        groups = self.param_groups
        numbers = [self._numbers(group) for group in groups]
        slots = self._slots(numbers)
        numbers = self._with_totals(slots, numbers)
        for group, own, known in zip(groups, slots, numbers, strict=True):
            self._update_all(group, own, known, is_compiled)
            for slot in own:
                self._store(group, slot)
            self._finish(group, known)

    def _update_all(
        self,
        group: dict[str, Any],
        slots: list[Slot[Tensor]],
        numbers: Numbers,
        is_compiled: bool,
    ) -> None:
        """Update parameters.

        Where an element rests on others of its parameter, shards of it are gathered,
        one parameter at a time.
        """
        own = []
        for slot in slots:
            if not is_cut(slot.w):
                own.append(slot)
            elif self.by_element:
                own.append(sharded(slot))
            else:
                opened = gathered(slot)
                self._update_some(group, [opened], numbers, is_compiled)
                keep(opened, slot)
        self._update_some(group, own, numbers, is_compiled)

    def _update_some(
        self,
        group: dict[str, Any],
        slots: list[Slot[Tensor]],
        numbers: Numbers,
        is_compiled: bool,
    ) -> None:
        if is_compiled:
            self._update_compiled(slots, numbers)
        else:
            for part in self._parts(group, slots):
                self._update(part, numbers)

    def _begin_cut(self, slot: Slot[Tensor], numbers: Numbers) -> None:
        """The first states of a parameter that is cut into shards."""
        if self.by_element:
            self._begin(slot, numbers)
        elif not any(isinstance(x, Tensor) for x in slot.state.values()):
            opened = gathered(slot)
            self._begin(opened, numbers)
            keep(opened, slot)

    def _update_compiled(self, slots: list[Slot[Tensor]], numbers: Numbers) -> None:
        """Update parameters by one compiled function.

        Numbers are tensors there: it is not compiled anew where they change.
        """
        if self._compiled is None:
            self._compiled = torch.compile(self._update_each)
        known = [
            torch.tensor(x, dtype=torch.float64) if isinstance(x, float) else x
            for x in numbers
        ]
        self._compiled(slots, tuple(known))

    def _update_each(self, slots: list[Slot[Tensor]], numbers: Numbers) -> None:
        for slot in slots:
            self._update(slot, numbers)

    def _slots(self, numbers: list[Numbers]) -> list[list[Slot[Tensor]]]:
        """The parameters of each group that have a gradient."""
        index = 0
        slots: list[list[Slot[Tensor]]] = []
        for group, known in zip(self.param_groups, numbers, strict=True):
            own = []
            for place, parameter in enumerate(group["params"]):
                if parameter.grad is not None and parameter.numel() > 0:
                    slot = self._slot(group, parameter, index)
                    slot.is_hidden = self._is_hidden(group, place)
                    begin = self._begin_cut if is_cut(slot.w) else self._begin
                    begin(slot, known)
                    own.append(slot)
                index += 1
            slots.append(own)
        return slots

    def _slot(
        self, group: dict[str, Any], parameter: Tensor, index: int
    ) -> Slot[Tensor]:
        """What a step does something with, in 32 bits at least."""
        grad = parameter.grad
        assert grad is not None
        if grad.is_sparse:
            raise RuntimeError(
                f"{type(self).__name__} takes no sparse gradients: make the embedding "
                "with sparse=False"
            )
        is_short = parameter.dtype in (torch.bfloat16, torch.float16)
        w, g = (parameter.float(), grad.float()) if is_short else (parameter, grad)
        state = self.state[parameter]
        slot = Slot(w, -g if group["maximize"] else g, state, parameter, index)
        if self.counts_updates:
            slot.updates = int(state.get("updates", 0))
            state["updates"] = slot.updates + 1
        return slot

    def _is_hidden(self, group: dict[str, Any], place: int) -> bool:
        """Whether a parameter may be that of a hidden layer."""
        hidden = group.get("hidden")
        if hidden is None or isinstance(hidden, bool):
            return hidden is not False
        names = group.get("param_names")
        return bool(hidden(names[place] if names else "", group["params"][place]))

    def _parts(
        self, group: dict[str, Any], slots: list[Slot[Tensor]]
    ) -> list[Slot[Any]]:
        """What one call updates: a parameter, many of them, or a piece of one."""
        if not self.takes_lists:
            return [*slots]
        pieces = [piece for slot in slots for piece in self._pieces(slot)]
        if group["foreach"] is False:
            return [*pieces]
        return [joined(bundle) for bundle in self._bundles(pieces)]

    def _pieces(self, slot: Slot[Tensor]) -> list[Slot[Tensor]]:
        """A long parameter in pieces that a processor's cache holds."""
        states = {name: x for name, x in slot.state.items() if isinstance(x, Tensor)}
        whole = [slot.w, slot.g, *states.values()]
        if (
            self.reads_shape
            or not slot.w.is_cpu
            or slot.w.numel() <= BLOCK
            or not all(x.is_contiguous() for x in whole)
        ):
            return [slot]
        pieces = zip(*(x.view(-1).split(BLOCK) for x in whole), strict=True)
        return [
            Slot(w, g, dict(zip(states, own, strict=True)), slot.parameter)
            for w, g, *own in pieces
        ]

    def _bundles(self, slots: list[Slot[Tensor]]) -> list[list[Slot[Tensor]]]:
        """Slots of one type on one device: on a processor as many as its cache holds."""
        bundles: list[list[Slot[Tensor]]] = []
        opened: dict[object, tuple[list[Slot[Tensor]], int]] = {}
        for slot in slots:
            shape = slot.w.shape if self.reads_shape else None
            key = (slot.w.device, slot.w.dtype, shape)
            bundle, numbers = opened.get(key, ([], 0))
            numbers += slot.w.numel()
            if not bundle or (slot.w.is_cpu and numbers > BLOCK):
                bundle, numbers = [], slot.w.numel()
                bundles.append(bundle)
            bundle.append(slot)
            opened[key] = (bundle, numbers)
        return bundles

    def _store(self, group: dict[str, Any], slot: Slot[Tensor]) -> None:
        """Put weights that were updated in 32 bits where they belong."""
        if slot.w is slot.parameter:
            return
        parameter, w = shard_of(slot.parameter), shard_of(slot.w)
        if group["stochastic_rounding"] and parameter.dtype == torch.bfloat16:
            parameter.copy_(rounded_stochastically(w))
        else:
            parameter.copy_(w)

    def state_dict(self) -> dict[str, Any]:
        packed = super().state_dict()
        for group in packed["param_groups"]:
            # Functions cannot be saved: an optimizer that loads this has its own.
            group.update({key: None for key, x in group.items() if callable(x)})
        return packed

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        functions = [
            {key: x for key, x in group.items() if callable(x)}
            for group in self.param_groups
        ]
        super().load_state_dict(state_dict)
        for group, own in zip(self.param_groups, functions, strict=True):
            group.update({key: x for key, x in own.items() if group[key] is None})
        # States keep the precision they were saved in, whatever that of the weights.
        saved = [i for group in state_dict["param_groups"] for i in group["params"]]
        ours = [w for group in self.param_groups for w in group["params"]]
        for i, parameter in zip(saved, ours, strict=True):
            for name, value in state_dict["state"].get(i, {}).items():
                if isinstance(value, Tensor):
                    copied = value.detach().clone().to(parameter.device)
                    self.state[parameter][name] = copied

    def _value(self, group: dict[str, Any], name: str, t: int | None = None) -> float:
        """The value of a hyperparameter in a group, at its step or at another."""
        at = group["t"] if t is None else t
        steps = group["total_steps"]
        return value_at(name, group[name], at, steps, self.intervals[name])

    def _numbers(self, group: dict[str, Any]) -> Numbers:
        """What is known of a step before any gradient."""
        raise NotImplementedError

    def _with_totals(
        self, slots: list[list[Slot[Tensor]]], numbers: list[Numbers]
    ) -> list[Numbers]:
        """The numbers of each group, with those over all parameters."""
        return numbers

    def _begin(self, slot: Slot[Tensor], numbers: Numbers) -> None:
        """Give a parameter the states it does not have yet."""

    def _update(self, slot: Slot[Any], numbers: Numbers) -> None:
        """Update a parameter, or several at once."""
        raise NotImplementedError

    def _finish(self, group: dict[str, Any], numbers: Numbers) -> None:
        """End the step of a group."""
        group["t"] += 1


class EvaluatedRule(Rule):
    """A rule whose models are evaluated with other weights than they are trained at."""

    def eval(self) -> None:
        """Put the weights to evaluate with in the place of the trained ones."""
        with torch.no_grad():
            for group in self.param_groups:
                if not group.get("evaluating", False) and group["t"] > 0:
                    self._swap(group)
                group["evaluating"] = True

    def train(self) -> None:
        """Put the trained weights back."""
        with torch.no_grad():
            for group in self.param_groups:
                group["evaluating"] = False
                for parameter in group["params"]:
                    trained = self.state[parameter].pop("trained", None)
                    if trained is not None:
                        parameter.copy_(trained)

    def _swap(self, group: dict[str, Any]) -> None:
        known = self._evaluation_numbers(group)
        for place, parameter in enumerate(group["params"]):
            # What had no gradient yet is what it is.
            if parameter not in self.state:
                continue
            state = self.state[parameter]
            w = parameter.float() if parameter.element_size() < 4 else parameter
            slot = Slot(w, torch.zeros_like(w), state, parameter)
            slot.is_hidden = self._is_hidden(group, place)
            slot.updates = int(state.get("updates", 1)) - 1
            opened = sharded(slot) if self.by_element else gathered(slot)
            evaluated = self._evaluated(opened, known)
            state["trained"] = parameter.clone()
            if is_cut(parameter) and not self.by_element:
                evaluated = shard_of(cut_like(evaluated, parameter))
            shard_of(parameter).copy_(evaluated)

    def _step(self, is_compiled: bool) -> None:
        if any(group.get("evaluating", False) for group in self.param_groups):
            raise RuntimeError("call train() before a step: eval() was called last")
        super()._step(is_compiled)

    def _evaluation_numbers(self, group: dict[str, Any]) -> Numbers:
        """What is known of the step that was taken last."""
        raise NotImplementedError

    def _evaluated(self, slot: Slot[Tensor], numbers: Numbers) -> Tensor:
        """The weights to evaluate with."""
        raise NotImplementedError


ONE = torch.ones(())


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


def divide(a: float, b: float) -> float:
    """The quotient: infinite, or NaN, where ``b`` is 0."""
    if b != 0:
        return a / b
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def power(base: float, exponent: float) -> float:
    """The power: NaN for a root of a negative number, infinite where it is too large."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        is_negative = base < 0 and exponent % 2 == 1
        return -math.inf if is_negative else math.inf
    except ValueError:
        if base != 0:
            return math.nan
        return math.copysign(math.inf, base) if exponent % 2 == 1 else math.inf


def plain(x: Operand) -> list[Tensor] | float | Tensor:
    """What PyTorch's functions of many tensors take."""
    return x.tensors if isinstance(x, TensorList) else x


def value_at(
    name: str,
    given: Hyperparameter,
    t: int,
    total_steps: int | None,
    interval: Interval,
) -> float:
    """The value of a hyperparameter at step ``t``.

    Raises:
        ValueError: It is outside its interval, or depends on a number of steps
            that is not given.
    """
    if callable(given) and not isinstance(given, Tensor):
        value = float(given(t, math.nan if total_steps is None else total_steps))
        if math.isnan(value) and total_steps is None:
            raise ValueError(
                f"{name} is no number at step {t}; if it depends on the number of "
                "steps, give total_steps"
            )
    else:
        value = float(given)
    if not interval.holds(value, is_scheduled=True):
        raise ValueError(f"{name} is {value:g}; it must be in {interval}")
    return value


def check_hyperparameter(name: str, given: Hyperparameter, interval: Interval) -> None:
    """Refuse what can never be the value of a hyperparameter.

    Raises:
        TypeError: It is neither a number, a tensor of one number nor a function.
        ValueError: It is a number outside its interval.
    """
    if isinstance(given, Tensor):
        if given.numel() != 1:
            raise TypeError(f"{name} is a tensor of {given.numel()} numbers, not one")
    elif callable(given):
        return
    elif isinstance(given, bool) or not isinstance(given, (int, float)):
        raise TypeError(
            f"{name} must be a number, a tensor of one number or a function of the "
            f"step and the number of steps, not {type(given).__name__}"
        )
    value = float(given)
    if not interval.holds(value, is_scheduled=False):
        raise ValueError(f"{name} is {value:g}; it must be in {interval}")


def changed(slot: Slot[Tensor], change: Callable[[Tensor], Tensor]) -> Slot[Tensor]:
    """A slot with other tensors; what is no tensor stays."""
    state = {
        name: change(x) if isinstance(x, Tensor) else x
        for name, x in slot.state.items()
    }
    return replace(slot, w=change(slot.w), g=change(slot.g), state=state)


def is_cut(x: Tensor) -> bool:
    """Whether other processes hold other shards of a tensor."""
    return hasattr(x, "full_tensor")


def shard_of(x: Tensor) -> Tensor:
    """What this process holds of a tensor; the numbers are shared."""
    cut: Any = x
    own: Tensor = cut.to_local() if is_cut(x) else x
    return own


def sharded(slot: Slot[Tensor]) -> Slot[Tensor]:
    """A slot with the shards of this process."""
    return changed(slot, shard_of)


def whole(x: Tensor) -> Tensor:
    """All numbers of a tensor, gathered from all processes."""
    cut: Any = x
    found: Tensor = cut.full_tensor() if is_cut(x) else x
    return found


def gathered(slot: Slot[Tensor]) -> Slot[Tensor]:
    """A slot with whole tensors."""
    return changed(slot, whole) if is_cut(slot.w) else slot


def cut_like(x: Tensor, other: Tensor) -> Tensor:
    """A tensor that all processes have, cut as another one is."""
    cut: Any = other
    everywhere: Any = type(other)
    copied = everywhere.from_local(x, cut.device_mesh, run_check=False)
    found: Tensor = copied.redistribute(placements=cut.placements)
    return found


def keep(opened: Slot[Tensor], slot: Slot[Tensor]) -> None:
    """Put what became of a slot with whole tensors into the shards.

    States shaped like the parameter are cut as it is; all processes have the others.
    """
    slot.w.copy_(cut_like(opened.w, slot.w))
    for name, x in opened.state.items():
        kept = slot.state.get(name)
        if kept is None and x.shape == slot.w.shape:
            slot.state[name] = cut_like(x, slot.w)
        elif kept is None:
            slot.state[name] = x
        elif isinstance(kept, Tensor) and is_cut(kept):
            kept.copy_(cut_like(x, slot.w))


def joined(slots: list[Slot[Tensor]]) -> Slot[Any]:
    """Slots as one that holds lists; a single one as it is."""
    first = slots[0]
    if len(slots) == 1:
        return first
    return Slot(
        TensorList([slot.w for slot in slots]),
        TensorList([slot.g for slot in slots]),
        {
            name: TensorList([slot.state[name] for slot in slots])
            for name, state in first.state.items()
            if isinstance(state, Tensor)
        },
        first.parameter,
    )


def rounded_stochastically(x: Tensor) -> Tensor:
    """Numbers of 32 bits as one of the two of 16 bits around them.

    The closer a number is, the likelier: the mean is the number itself.
    """
    bits = x.view(torch.int32)
    noise = torch.randint_like(bits, 1 << 16)
    rounded = ((bits + noise) & -65536).view(torch.float32)
    return torch.where(x.isfinite(), rounded, x)


def scaled(y: X, factor: float | Tensor) -> X:
    """factor * y."""
    return y * factor


def add_scaled_(x: X, y: X, factor: float | Tensor) -> X:
    """The same in the place of x.

    A quotient by 1 does it in one pass that rounds twice, as a product and a sum do;
    ``alpha=`` rounds once, and so does every such pass on a card.
    """
    if x.is_cpu and not isinstance(factor, Tensor):
        return x.addcdiv_(y, ONE, value=factor)
    return x.add_(scaled(y, factor))
