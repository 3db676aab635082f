"""Rules for one array, applied to all that trees hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import optax

Number = float | jax.Array

ABSENT = optax.MaskedNode()


def wide(x: Any) -> Any:
    """An array in 32 bits at least; anything else as it is."""
    is_short = getattr(x, "dtype", None) in (jnp.bfloat16, jnp.float16)
    return x.astype(jnp.float32) if is_short else x


def fitted(x: Any, old: Any) -> Any:
    """A value in the shape and type of what it takes the place of."""
    if isinstance(old, optax.MaskedNode):
        return old
    return jnp.broadcast_to(jnp.asarray(x).astype(old.dtype), old.shape)


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


def add_leaves(
    function: Callable[..., tuple[jax.Array, ...]],
    trees: Sequence[Any],
    *others: Any,
) -> list[tuple[jax.Array, ...]]:
    """What a function gives for the arrays of trees, in their order."""
    leaves, structure = flattened(trees[0])
    rest = [structure.flatten_up_to(tree) for tree in (*trees[1:], *others)]
    rows = zip(*(map(wide, each) for each in (leaves, *rest)), strict=True)
    return [function(*row) for row in rows]


def stacked(added: list[tuple[jax.Array, ...]], place: int) -> jax.Array:
    """What all arrays add to a total, behind a 0."""
    return jnp.stack([jnp.zeros([]), *(each[place] for each in added)])


def places(tree: Any) -> Any:
    """The place of each array among those of a tree."""
    leaves, structure = flattened(tree)
    return structure.unflatten(list(range(len(leaves))))


def mask_of(hidden: Any, params: Any) -> Any:
    """Which arrays are those of hidden layers: all, where nothing is said."""
    if hidden is None:
        return jax.tree.map(lambda _: True, params)
    return hidden(params) if callable(hidden) else hidden
