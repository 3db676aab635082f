from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

__all__ = ["AdamState", "adam"]


Number = float | jax.Array


class AdamState(NamedTuple):
    """What ``adam`` keeps from one step to the next.

    Attributes:
        count: Number of steps taken.
        m: Shaped like the parameters.
        v: Shaped like the parameters.
    """

    count: jax.Array  # type: ignore[assignment]
    m: optax.Params
    v: optax.Params


def adam(
    lr: optax.ScalarOrSchedule = 0.001,
    beta1: optax.ScalarOrSchedule = 0.9,
    beta2: optax.ScalarOrSchedule = 0.999,
    epsilon: optax.ScalarOrSchedule = 1e-8,
    weight_decay: optax.ScalarOrSchedule = 0,
) -> optax.GradientTransformation:
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
        lr: In (0, inf).
        beta1: In [0, 1).
        beta2: In [0, 1).
        epsilon: In [0, inf).
        weight_decay: In [0, inf).
    """
    check_hyperparameter("lr", lr, 0.0, math.inf, "()")
    check_hyperparameter("beta1", beta1, 0.0, 1.0, "[)")
    check_hyperparameter("beta2", beta2, 0.0, 1.0, "[)")
    check_hyperparameter("epsilon", epsilon, 0.0, math.inf, "[)")
    check_hyperparameter("weight_decay", weight_decay, 0.0, math.inf, "[)")

    def init_fn(params):
        def start_leaf(w):
            return jnp.zeros_like(w), jnp.zeros_like(w)

        m, v = start_leaves(start_leaf, params, 2)
        return AdamState(count=jnp.zeros([], jnp.int32), m=m, v=v)

    def update_fn(updates, state, params=None):
        if params is None:
            raise ValueError("adam needs params: give them to update")
        t = 1.0 * state.count
        lr_t = value_at(lr, state.count)
        beta1_t = value_at(beta1, state.count)
        beta2_t = value_at(beta2, state.count)
        epsilon_t = value_at(epsilon, state.count)
        weight_decay_t = value_at(weight_decay, state.count)
        beta1_correction = 1 - beta1_t ** (t + 1)
        beta2_correction = 1 - beta2_t ** (t + 1)

        def update_leaf(g, m, v, w):
            gradient = g + weight_decay_t * w
            m = beta1_t * m + (1 - beta1_t) * gradient
            v = beta2_t * v + (1 - beta2_t) * jnp.square(gradient)
            m_hat = m / beta1_correction
            v_hat = v / beta2_correction
            update = lr_t * m_hat / (jnp.sqrt(v_hat) + epsilon_t)
            return -update, m, v

        updates, m, v = update_leaves(update_leaf, (updates, state.m, state.v), params)
        return updates, AdamState(
            count=jnp.asarray(optax.safe_increment(state.count)), m=m, v=v
        )

    return optax.GradientTransformation(init_fn, update_fn)


def value_at(given: optax.ScalarOrSchedule, count: Number) -> Any:
    """The value of a hyperparameter at a step."""
    return given(count) if callable(given) else given


def check_hyperparameter(
    name: str, given: Any, low: float, high: float, ends: str
) -> None:
    """Refuse numbers that a hyperparameter cannot be.

    Arrays and schedules are not looked at: their values may be unknown yet.

    Raises:
        TypeError: It is neither a number, an array nor a schedule.
        ValueError: It is a number outside its interval.
    """
    if callable(given) or isinstance(given, jax.Array) or hasattr(given, "dtype"):
        return
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise TypeError(
            f"{name} must be a number, an array of one or a schedule, not "
            f"{type(given).__name__}"
        )
    above = given > low or (given == low and ends[0] == "[")
    below = given < high or (given == high and ends[1] == "]")
    if not (above and below):
        raise ValueError(
            f"{name} is {given:g}; it must be in {ends[0]}{low:g}, {high:g}{ends[1]}"
        )


def wide(x: Any) -> Any:
    """An array in 32 bits at least; anything else as it is."""
    is_short = getattr(x, "dtype", None) in (jnp.bfloat16, jnp.float16)
    return x.astype(jnp.float32) if is_short else x


def flattened(tree: Any) -> tuple[list[Any], Any]:
    """The arrays of a tree, and what it is beside them."""
    return jax.tree.leaves(tree), jax.tree.structure(tree)


def start_leaves(
    function: Callable[..., tuple[Any, ...]], params: Any, count: int, *others: Any
) -> list[Any]:
    """A tree for each of the ``count`` values that a function gives for an array."""
    leaves, structure = flattened(params)
    rest = [structure.flatten_up_to(tree) for tree in others]
    rows = zip(map(wide, leaves), *rest, strict=True)
    starts = [function(*row) for row in rows]
    return [structure.unflatten([each[i] for each in starts]) for i in range(count)]


def fitted(x: Any, old: Any) -> Any:
    """A value in the shape and type of what it takes the place of."""
    if isinstance(old, optax.MaskedNode):
        return old
    return jnp.broadcast_to(jnp.asarray(x).astype(old.dtype), old.shape)


def update_leaves(
    function: Callable[..., tuple[Any, ...]], trees: Sequence[Any], *others: Any
) -> list[Any]:
    """The trees with what a function makes of their arrays in the place of these.

    The function is given an array of each tree and what ``others`` have there.
    """
    leaves, structure = flattened(trees[0])
    old = [leaves, *(structure.flatten_up_to(tree) for tree in trees[1:])]
    rest = [structure.flatten_up_to(tree) for tree in others]
    rows = zip(*(map(wide, each) for each in (*old, *rest)), strict=True)
    new = [function(*row) for row in rows]
    return [
        structure.unflatten(
            [fitted(row[i], each) for row, each in zip(new, own, strict=True)]
        )
        for i, own in enumerate(old)
    ]
