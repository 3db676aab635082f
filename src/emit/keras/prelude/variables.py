"""Variables of optimizers, and the numbers that rules are worked out in."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from keras import ops

Number = Any
Tensor = Any
LearningRate = float | Callable[..., Any]

WIDE = keras.backend.standardize_dtype(ops.convert_to_tensor(np.zeros(())).dtype)


def typed(x: Number, dtype: str) -> Tensor:
    """A number in a type. TensorFlow takes Python's for 32 bits, and -0 for 0."""
    return ops.cast(np.array(x) if isinstance(x, (int, float)) else x, dtype)


def wide(x: Number) -> Tensor:
    """A number in 64 bits where the backend has them: 1 - beta**t loses half of 32."""
    return typed(x, WIDE)


def working(x: Any) -> Tensor:
    """The value of a variable, or a gradient, as a dense tensor in 32 bits at least."""
    if hasattr(x, "dense_shape"):
        # The gradient of an embedding, of the rows that were looked up.
        import tensorflow as tf

        x = tf.convert_to_tensor(x)
    dtype = keras.backend.standardize_dtype(x.dtype)
    value = ops.stop_gradient(ops.convert_to_tensor(x))
    return ops.cast(value, "float32") if dtype in ("bfloat16", "float16") else value


@contextmanager
def outside_functions() -> Iterator[None]:
    """A context in which numbers are known, also while TensorFlow traces a function."""
    if keras.backend.backend() != "tensorflow":
        yield
        return
    import tensorflow as tf

    with tf.init_scope():
        yield


def add_state(
    optimizer: keras.optimizers.Optimizer,
    variable: Any,
    name: str,
    start: Callable[[Tensor], Tensor],
) -> keras.Variable:
    """A variable of an optimizer for one of a model, in 32 bits at least.

    Args:
        optimizer: The optimizer.
        variable: The variable of the model.
        name: What the variable is called behind the name of that of the model.
        start: Gives its first value for that of the variable of the model.

    Raises:
        ValueError: If that is asked for before the model has weights.
    """
    with outside_functions():
        w = working(variable)
        first = ops.convert_to_tensor(start(w))
        if tuple(w.shape) != tuple(variable.shape):
            # A model that TensorFlow builds while it traces has shapes, and no weights.
            first = ops.convert_to_tensor(start(ops.zeros(variable.shape, w.dtype)))
            other = ops.convert_to_tensor(start(ops.ones(variable.shape, w.dtype)))
            if not ops.all(first == other):
                raise ValueError(
                    f"{name} starts from the weights, which are not there yet: "
                    "build the model before it is trained"
                )
        if keras.backend.backend() == "tensorflow":
            first = ops.convert_to_numpy(first)

    def initializer(shape: Any, dtype: Any = None, **_: Any) -> Tensor:
        return ops.copy(ops.cast(first, dtype))

    shape = tuple(first.shape)
    path = getattr(variable, "path", variable.name)
    is_alike = shape == tuple(variable.shape)
    return optimizer.add_variable(
        shape=shape,
        initializer=initializer,
        dtype=keras.backend.standardize_dtype(first.dtype),
        layout=getattr(variable, "_layout", None) if is_alike else None,
        name=f"{path.replace('/', '_').replace(':', '_')}_{name}",
    )


def add_number(
    optimizer: keras.optimizers.Optimizer, name: str, start: Number, dtype: str
) -> keras.Variable:
    """A variable of an optimizer for a number of the whole run."""

    def initializer(shape: Any, dtype: Any = None, **_: Any) -> Tensor:
        return ops.copy(typed(start, dtype))

    return optimizer.add_variable(
        shape=(), initializer=initializer, dtype=dtype, name=name
    )


def filled_like(x: Number, variable: Any) -> Tensor:
    """What stands for many numbers, in the shape of a variable."""
    return ops.broadcast_to(ops.cast(x, variable.dtype), variable.shape)


def checked(name: str, given: Any, low: float, high: float, ends: str) -> Any:
    """A hyperparameter, once it is known that it can be one.

    Raises:
        TypeError: It is no number.
        ValueError: It is a number outside its interval.
    """
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise TypeError(f"{name} must be a number, not {type(given).__name__}")
    above = given > low or (given == low and ends[0] == "[")
    below = given < high or (given == high and ends[1] == "]")
    if not (above and below):
        raise ValueError(
            f"{name} is {given:g}; it must be in {ends[0]}{low:g}, {high:g}{ends[1]}"
        )
    return given


def checked_rate(given: Any, low: float, high: float, ends: str) -> Any:
    """The same for a learning rate, which may also be a schedule or function."""
    if callable(given):
        return given
    return float(checked("learning_rate", given, low, high, ends))


def stacked(added: list[tuple[Tensor, ...]], place: int) -> Tensor:
    """What all variables add to a total, behind a 0."""
    return ops.stack(
        [ops.cast(x, "float32") for x in (0.0, *(y[place] for y in added))]
    )


def steps_of(total_steps: int | None) -> float:
    """The number of steps of the run, NaN where it is not given."""
    return math.nan if total_steps is None else total_steps
