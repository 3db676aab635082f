"""Weights to evaluate with that are not those that are trained."""

from typing import Any

import torch
from torch import Tensor

from .rule import Numbers, Rule, Slot, gathered, sharded
from .shards import cut_like, is_cut, shard_of


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
