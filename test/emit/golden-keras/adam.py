from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from keras import ops

__all__ = ["Adam"]


LearningRate = float | Callable[..., Any]


Number = Any


Tensor = Any


WIDE = keras.backend.standardize_dtype(ops.convert_to_tensor(np.zeros(())).dtype)


@keras.saving.register_keras_serializable(package="optc")
class Adam(keras.optimizers.Optimizer):
    r"""Adam: a running mean of the gradient, divided by the root of a running mean of its
    square.

    $m \leftarrow \beta_1 m + (1 - \beta_1) g$, $\hat m = m / (1 - \beta_1^{t + 1})$
    $v \leftarrow \beta_2 v + (1 - \beta_2) g^2$, $\hat v = v / (1 - \beta_2^{t + 1})$
    $w \leftarrow w - \eta \, \hat m / (\sqrt{\hat v} + \epsilon)$, with $g + \lambda w$
    for $g$

    Defaults: the paper's and PyTorch's.
    PyTorch `Adam`: the same numbers where all parameters have gradients at every step
    (see `optc explain t`); `weight_decay` is the old one, part of the gradient
    (decoupled: `std/adamw`).
    Keras `Adam`: epsilon 1e-7, added to the root of the uncorrected $v$ (the paper's
    "epsilon hat"); weight decay is decoupled.
    Optax `adam`: the same, without weight decay.

    ```
    gradient = g + weight_decay * w
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * square(gradient)
    m_hat = m / (1 - beta1^(t + 1))
    v_hat = v / (1 - beta2^(t + 1))
    w = w - lr * m_hat / (sqrt(v_hat) + epsilon)
    ```

    Args:
        learning_rate: A float, a `keras.optimizers.schedules.LearningRateSchedule`, or
            a callable without arguments. In (0, inf).
        beta1: A float. In [0, 1).
        beta2: A float. In [0, 1).
        epsilon: A float. In [0, inf).
        weight_decay: A float. It is that of the rule, and takes the place of that of
            the base class. In [0, inf).
        **kwargs: Arguments of `keras.optimizers.Optimizer`.

    Reference:
        - Kingma and Ba, 2015, Adam: A Method for Stochastic Optimization,
            https://arxiv.org/abs/1412.6980
    """

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            learning_rate=checked_rate(learning_rate, 0.0, math.inf, "()"), **kwargs
        )
        self.beta1 = checked("beta1", beta1, 0.0, 1.0, "[)")
        self.beta2 = checked("beta2", beta2, 0.0, 1.0, "[)")
        self.epsilon = checked("epsilon", epsilon, 0.0, math.inf, "[)")
        self.weight_decay = checked("weight_decay", weight_decay, 0.0, math.inf, "[)")

    def build(self, variables: list[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self.m: list[Any] = []
        self.v: list[Any] = []
        for variable in variables:
            self.m.append(add_state(self, variable, "m", ops.zeros_like))
            self.v.append(add_state(self, variable, "v", ops.zeros_like))

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        index = self._get_variable_index(variable)
        w = working(variable)
        g = working(gradient)
        t = wide(self.iterations)
        lr = ops.cast(learning_rate, w.dtype)
        weight_decay = self.weight_decay if self._use_weight_decay(variable) else 0.0
        beta1_correction = ops.cast(1 - self.beta1 ** (t + 1), w.dtype)
        beta2_correction = ops.cast(1 - self.beta2 ** (t + 1), w.dtype)
        m = working(self.m[index])
        v = working(self.v[index])
        gradient = g + weight_decay * w
        m = self.beta1 * m + (1 - self.beta1) * gradient
        v = self.beta2 * v + (1 - self.beta2) * ops.square(gradient)
        m_hat = m / beta1_correction
        v_hat = v / beta2_correction
        update = lr * m_hat / (ops.sqrt(v_hat) + self.epsilon)
        self.assign(variable, w - update)
        self.assign(self.m[index], m)
        self.assign(self.v[index], v)

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
            }
        )
        return config


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
