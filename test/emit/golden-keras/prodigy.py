from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from keras import ops

__all__ = ["Prodigy"]


Number = Any


Tensor = Any


LearningRate = float | Callable[..., Any]


WIDE = keras.backend.standardize_dtype(ops.convert_to_tensor(np.zeros(())).dtype)


@keras.saving.register_keras_serializable(package="optc")
class Prodigy(keras.optimizers.Optimizer):
    r"""Prodigy: Adam, whose learning rate grows to an estimate of how far away the solution
    is.

    $m \leftarrow \beta_1 m + (1 - \beta_1) d g$, $v \leftarrow \beta_2 v + (1 -
    \beta_2) (d g)^2$ $s \leftarrow \sqrt{\beta_2} s + \eta \, d^2 / d_0 \, g$
    $r \leftarrow \sqrt{\beta_2} r + \eta \, d^2 / d_0 \sum_w \langle g, w_0 - w
    \rangle$ $d' = \max(d, c \, r / \sum_w \lVert s \rVert_1)$
    $w \leftarrow w - \eta \, d \, (m / (\sqrt{v} + d' \epsilon) + \lambda w)$

    $d$ is one number for all parameters, so a rate of 1, or a schedule from 1 to 0,
    fits every problem. As in the authors' code the step has the $d$ of before the
    gradient was seen.

    Defaults: those of the authors' package prodigyopt, whose `d_coef` is
    `d_coefficient` here; its options `use_bias_correction`, `safeguard_warmup`,
    `growth_rate` and `slice_p` are not here. While all gradients have been 0 the
    package does nothing at all; this rule then decays weights. Optax `contrib.prodigy`:
    with bias correction. PyTorch and Keras have none.

    ```
    beta3 = sqrt(beta2)
    step_size = lr * d
    s = beta3 * s + d / d0 * step_size * g
    m = beta1 * m + (1 - beta1) * (d * g)
    v = beta2 * v + (1 - beta2) * square(d * g)
    distance = beta3 * distance + d / d0 * step_size * global_dot(g, start - w)
    length = global_sum(abs(s))
    d = max(d, where(length > 0, d_coefficient * distance / length, d))
    w = w - step_size * (m / (sqrt(v) + d * epsilon) + weight_decay * w)
    ```

    Args:
        learning_rate: A float, a `keras.optimizers.schedules.LearningRateSchedule`, or
            a callable without arguments. In [0, inf).
        beta1: A float. In [0, 1).
        beta2: A float. In (0, 1).
        epsilon: A float. In [0, inf).
        weight_decay: A float. It is that of the rule, and takes the place of that of
            the base class. In [0, inf).
        d0: A float. In (0, inf).
        d_coefficient: A float. In (0, inf).
        **kwargs: Arguments of `keras.optimizers.Optimizer`.

    Reference:
        - Mishchenko and Defazio, 2023, Prodigy: An Expeditiously Adaptive
            Parameter-Free Learner, https://arxiv.org/abs/2306.06101
    """

    def __init__(
        self,
        learning_rate: LearningRate = 1,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0,
        d0: float = 0.000001,
        d_coefficient: float = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            learning_rate=checked_rate(learning_rate, 0.0, math.inf, "[)"), **kwargs
        )
        self.beta1 = checked("beta1", beta1, 0.0, 1.0, "[)")
        self.beta2 = checked("beta2", beta2, 0.0, 1.0, "()")
        self.epsilon = checked("epsilon", epsilon, 0.0, math.inf, "[)")
        self.weight_decay = checked("weight_decay", weight_decay, 0.0, math.inf, "[)")
        self.d0 = checked("d0", d0, 0.0, math.inf, "()")
        self.d_coefficient = checked(
            "d_coefficient", d_coefficient, 0.0, math.inf, "()"
        )

    def build(self, variables: list[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self.d = add_number(self, "d", self.d0, "float32")
        self.distance = add_number(self, "distance", 0, "float32")
        self.global_dot_value = add_number(self, "global_dot_value", 0.0, "float32")
        self.length = add_number(self, "length", 0.0, "float32")
        self.start: list[Any] = []
        self.s: list[Any] = []
        self.m: list[Any] = []
        self.v: list[Any] = []
        for variable in variables:
            self.start.append(add_state(self, variable, "start", lambda w: w))
            self.s.append(add_state(self, variable, "s", ops.zeros_like))
            self.m.append(add_state(self, variable, "m", ops.zeros_like))
            self.v.append(add_state(self, variable, "v", ops.zeros_like))

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        index = self._get_variable_index(variable)
        w = working(variable)
        g = working(gradient)
        lr = wide(learning_rate)
        weight_decay = self.weight_decay if self._use_weight_decay(variable) else 0.0
        d = working(self.d)
        distance = working(self.distance)
        global_dot_value = working(self.global_dot_value)
        length = working(self.length)
        beta3 = math.sqrt(self.beta2)
        step_size = ops.cast(lr, "float32") * d
        step_size2 = d / self.d0 * step_size
        distance2 = beta3 * distance + step_size2 * global_dot_value
        d2 = larger(
            d, ops.where(length > 0, self.d_coefficient * distance2 / length, d)
        )
        product2 = ops.cast(d2 * self.epsilon, w.dtype)
        d = ops.cast(d, w.dtype)
        step_size = ops.cast(step_size, w.dtype)
        step_size2 = ops.cast(step_size2, w.dtype)
        s = working(self.s[index])
        m = working(self.m[index])
        v = working(self.v[index])
        product3 = d * g
        m = self.beta1 * m + (1 - self.beta1) * product3
        v = self.beta2 * v + (1 - self.beta2) * ops.square(product3)
        s = beta3 * s + step_size2 * g
        update = step_size * (m / (ops.sqrt(v) + product2) + weight_decay * w)
        self.assign(variable, w - update)
        self.assign(self.m[index], m)
        self.assign(self.v[index], v)
        self.assign(self.s[index], s)

    def _add_1(
        self, gradient: Any, variable: Any, learning_rate: Any
    ) -> tuple[Any, ...]:
        index = self._get_variable_index(variable)
        w = working(variable)
        g = working(gradient)
        lr = wide(learning_rate)
        d = working(self.d)
        beta3 = math.sqrt(self.beta2)
        step_size = ops.cast(lr, "float32") * d
        step_size2 = ops.cast(d / self.d0 * step_size, w.dtype)
        start = working(self.start[index])
        s = working(self.s[index])
        s2 = beta3 * s + step_size2 * g
        return ops.sum(g * (start - w)), ops.sum(ops.abs(s2))

    def _backend_update_step(
        self, grads: Any, trainable_variables: Any, learning_rate: Any
    ) -> None:
        pairs = list(zip(grads, trainable_variables, strict=True))
        added = [self._add_1(g, v, learning_rate) for g, v in pairs]
        self.assign(self.global_dot_value, ops.sum(stacked(added, 0)))
        self.assign(self.length, ops.sum(stacked(added, 1)))
        super()._backend_update_step(grads, trainable_variables, learning_rate)
        lr = wide(learning_rate)
        d = working(self.d)
        distance = working(self.distance)
        global_dot_value = working(self.global_dot_value)
        length = working(self.length)
        beta3 = math.sqrt(self.beta2)
        step_size = ops.cast(lr, "float32") * d
        step_size2 = d / self.d0 * step_size
        distance2 = beta3 * distance + step_size2 * global_dot_value
        d2 = larger(
            d, ops.where(length > 0, self.d_coefficient * distance2 / length, d)
        )
        self.assign(self.d, d2)
        self.assign(self.distance, distance2)

    def _apply_weight_decay(self, variables: list[Any]) -> None:
        """The rule decays weights itself."""

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        config.update(
            {
                "beta1": self.beta1,
                "beta2": self.beta2,
                "epsilon": self.epsilon,
                "weight_decay": self.weight_decay,
                "d0": self.d0,
                "d_coefficient": self.d_coefficient,
            }
        )
        return config


def larger(a: Number, b: Number) -> Tensor:
    """The larger of two numbers: NaN if either is, and 0 above -0."""
    most = ops.where((a > b) | ops.isnan(a), a, b)
    return ops.where((a == 0) & (b == 0), a + b, most)


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
