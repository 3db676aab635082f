"""What every emitted optimizer of PyTorch is made of."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, overload

import torch
from torch import Tensor
from torch._compile import _disable_dynamo
from torch.optim.optimizer import Optimizer, ParamsT

from .hyperparameters import Interval, check_hyperparameter, value_at
from .lists import TensorList, X
from .shards import cut_like, is_cut, of_all, shard_of, whole

Numbers = tuple[Any, ...]

BLOCK = 1 << 18

Hidden = Callable[[str, Tensor], bool]


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


def sharded(slot: Slot[Tensor]) -> Slot[Tensor]:
    """A slot with the shards of this process."""
    return changed(slot, shard_of)


def gathered(slot: Slot[Tensor]) -> Slot[Tensor]:
    """A slot with whole tensors."""
    return changed(slot, whole) if is_cut(slot.w) else slot


def changed(slot: Slot[Tensor], change: Callable[[Tensor], Tensor]) -> Slot[Tensor]:
    """A slot with other tensors; what is no tensor stays."""
    state = {
        name: change(x) if isinstance(x, Tensor) else x
        for name, x in slot.state.items()
    }
    return replace(slot, w=change(slot.w), g=change(slot.g), state=state)


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


def added_by(
    add: Callable[[Slot[Tensor], Numbers], tuple[Tensor, ...]],
    slot: Slot[Tensor],
    numbers: Numbers,
) -> tuple[Tensor, ...]:
    """What a parameter adds to totals, or each of its shards does."""
    if not is_cut(slot.w):
        return add(slot, numbers)
    own = sharded(slot)
    if own.w.numel() > 0:
        parts = add(own, numbers)
    else:
        single = changed(own, lambda x: x.new_zeros(1))
        parts = tuple(torch.zeros_like(part) for part in add(single, numbers))
    return tuple(of_all(part, slot.w) for part in parts)


def stacked(added: list[tuple[Tensor, ...]], place: int) -> Tensor:
    """What all parameters add to a total, behind a 0."""
    parts = [each[place].reshape(-1) for each in added]
    if not parts:
        return torch.zeros(1)
    return torch.cat([parts[0].new_zeros(1), *parts])


def steps_of(total_steps: int | None) -> float:
    """The number of steps of the run, NaN where it is not given."""
    return math.nan if total_steps is None else total_steps


def run_number(group: dict[str, Any], x: float) -> Tensor:
    """A number of the run that rests on gradients, where the parameters are."""
    device = group["params"][0].device
    return torch.tensor(x, dtype=torch.float32, device=device)
