from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

__all__ = [
    "ScheduleFreeAdamWState",
    "schedule_free_adamw",
    "schedule_free_adamw_eval_params",
]


Number = float | jax.Array


class ScheduleFreeAdamWState(NamedTuple):
    """What ``schedule_free_adamw`` keeps from one step to the next.

    Attributes:
        count: Number of steps taken.
        largest: One number.
        total: One number.
        z: Shaped like the parameters.
        average: Shaped like the parameters.
        beta1: Its value at the last step.
    """

    count: jax.Array  # type: ignore[assignment]
    largest: jax.Array
    total: jax.Array
    z: optax.Params
    average: optax.Params
    beta1: jax.Array


def schedule_free_adamw(
    lr: optax.ScalarOrSchedule = 0.0025,
    beta1: optax.ScalarOrSchedule = 0.9,
    beta2: optax.ScalarOrSchedule = 0.999,
    epsilon: optax.ScalarOrSchedule = 1e-8,
    weight_decay: optax.ScalarOrSchedule = 0,
    warmup_steps: optax.ScalarOrSchedule = 0,
    r: optax.ScalarOrSchedule = 0,
    weight_lr_power: optax.ScalarOrSchedule = 2,
) -> optax.GradientTransformation:
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

    A model is evaluated at ``schedule_free_adamw_eval_params(state, params)``.

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
        lr: In (0, inf).
        beta1: In (0, 1).
        beta2: In [0, 1).
        epsilon: In [0, inf).
        weight_decay: In [0, inf).
        warmup_steps: In [0, inf).
        r: In [0, inf).
        weight_lr_power: In [0, inf).
    """
    check_hyperparameter("lr", lr, 0.0, math.inf, "()")
    check_hyperparameter("beta1", beta1, 0.0, 1.0, "()")
    check_hyperparameter("beta2", beta2, 0.0, 1.0, "[)")
    check_hyperparameter("epsilon", epsilon, 0.0, math.inf, "[)")
    check_hyperparameter("weight_decay", weight_decay, 0.0, math.inf, "[)")
    check_hyperparameter("warmup_steps", warmup_steps, 0.0, math.inf, "[)")
    check_hyperparameter("r", r, 0.0, math.inf, "[)")
    check_hyperparameter("weight_lr_power", weight_lr_power, 0.0, math.inf, "[)")

    def init_fn(params):
        beta1_t = value_at(beta1, 0)

        def start_leaf(w):
            return w, jnp.zeros_like(w)

        z, average = start_leaves(start_leaf, params, 2)
        return ScheduleFreeAdamWState(
            count=jnp.zeros([], jnp.int32),
            largest=jnp.asarray(0, float),
            total=jnp.asarray(0, float),
            z=z,
            average=average,
            beta1=jnp.asarray(beta1_t, float),
        )

    def update_fn(updates, state, params=None):
        if params is None:
            raise ValueError("schedule_free_adamw needs params: give them to update")
        t = 1.0 * state.count
        lr_t = value_at(lr, state.count)
        beta1_t = value_at(beta1, state.count)
        beta2_t = value_at(beta2, state.count)
        epsilon_t = value_at(epsilon, state.count)
        weight_decay_t = value_at(weight_decay, state.count)
        warmup_steps_t = value_at(warmup_steps, state.count)
        r_t = value_at(r, state.count)
        weight_lr_power_t = value_at(weight_lr_power, state.count)
        beta2_correction = 1 - beta2_t ** (t + 1)
        rate = lr_t * jnp.minimum((t + 1) / jnp.maximum(warmup_steps_t, 1), 1)
        largest = larger(rate, state.largest)
        weight = (t + 1) ** r_t * largest**weight_lr_power_t
        total = state.total + weight
        c = jnp.where(total > 0, weight / total, 0)
        step_size = 1 - beta1_t * (1 - c)

        def update_leaf(g, z, average, w):
            average = beta2_t * average + (1 - beta2_t) * jnp.square(g)
            v_hat = average / beta2_correction
            step = rate * (g / (jnp.sqrt(v_hat) + epsilon_t) + weight_decay_t * w)
            update = (
                jnp.asarray(c, g.dtype) * (w - z)
                + jnp.asarray(step_size, g.dtype) * step
            )
            z = z - step
            return -update, z, average

        updates, z, average = update_leaves(
            update_leaf, (updates, state.z, state.average), params
        )
        return updates, ScheduleFreeAdamWState(
            count=jnp.asarray(optax.safe_increment(state.count)),
            largest=jnp.asarray(largest, float),
            total=jnp.asarray(total, float),
            z=z,
            average=average,
            beta1=jnp.asarray(beta1_t, float),
        )

    return optax.GradientTransformation(init_fn, update_fn)


def schedule_free_adamw_eval_params(
    state: ScheduleFreeAdamWState,
    params: optax.Params,
) -> optax.Params:
    """The weights to evaluate a model with that schedule_free_adamw trains.

    Args:
        state: What the transformation keeps.
        params: The weights that are trained, after the last step.
    """

    def evaluate_leaf(w, z):
        return z + (w - z) / jnp.asarray(state.beta1, w.dtype)

    return evaluated(evaluate_leaf, state.count, params, state.z)


def larger(a: Number, b: Number) -> jax.Array:
    """The larger of two numbers: NaN if either is, and 0 above -0."""
    a, b = jnp.asarray(a), jnp.asarray(b)
    return jnp.where((a == 0) & (b == 0), a + b, jnp.maximum(a, b))


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


def evaluated(
    function: Callable[..., Any], count: Number, params: Any, *others: Any
) -> Any:
    """What a function gives for parameters; these themselves before the first step."""

    def evaluate(w: Any, *rest: Any) -> jax.Array:
        value = fitted(function(wide(w), *rest), w)
        return jnp.where(count > 0, value, w)

    return jax.tree.map(evaluate, params, *others)
