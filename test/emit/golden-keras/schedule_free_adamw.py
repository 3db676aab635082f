from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from keras import ops

__all__ = ["EvaluationWeights", "ScheduleFreeAdamW"]


Number = Any


Tensor = Any


class EvaluatedOptimizer(keras.optimizers.Optimizer):
    """An optimizer whose models are evaluated with other weights than they train at."""

    def evaluated(self, variable: Any) -> Tensor:
        """The value to evaluate a model with in the place of that of a variable."""
        raise NotImplementedError

    def swap_in(self) -> list[Tensor]:
        """Give the variables the values to evaluate with; their own are returned."""
        trained = [
            ops.copy(ops.convert_to_tensor(v)) for v in self._trainable_variables
        ]
        if int(self._iterations) > 0:
            values = [self.evaluated(v) for v in self._trainable_variables]
            self.swap_out([ops.copy(value) for value in values])
        return trained

    def swap_out(self, trained: list[Tensor]) -> None:
        """Give the variables back the values that ``swap_in`` returned."""
        for variable, value in zip(self._trainable_variables, trained, strict=True):
            variable.assign(value)

    @contextmanager
    def evaluation_weights(self) -> Iterator[None]:
        """A context in which the model has the weights to evaluate it with."""
        trained = self.swap_in()
        try:
            yield
        finally:
            self.swap_out(trained)


class EvaluationWeights(keras.callbacks.Callback):
    """Validates, evaluates and predicts with the weights that are meant for it."""

    def __init__(self) -> None:
        super().__init__()
        self.trained: list[Tensor] | None = None

    def _begin(self) -> None:
        optimizer = self.model.optimizer
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)
        self.trained = optimizer.swap_in() if optimizer.built else None

    def _end(self) -> None:
        optimizer = self.model.optimizer
        if self.trained is not None:
            getattr(optimizer, "inner_optimizer", optimizer).swap_out(self.trained)
        self.trained = None

    def on_test_begin(self, logs: Any = None) -> None:
        self._begin()

    def on_test_end(self, logs: Any = None) -> None:
        self._end()

    def on_predict_begin(self, logs: Any = None) -> None:
        self._begin()

    def on_predict_end(self, logs: Any = None) -> None:
        self._end()


WIDE = keras.backend.standardize_dtype(ops.convert_to_tensor(np.zeros(())).dtype)


LearningRate = float | Callable[..., Any]


@keras.saving.register_keras_serializable(package="optc")
class ScheduleFreeAdamW(EvaluatedOptimizer):
    r"""Schedule-Free AdamW: AdamW whose averaged weights are as good as those of a learning
    rate that falls to 0, without knowing when the run ends.

    $\gamma_t = \eta \min(1, (t + 1) / T_w)$
    $c = a_t / \sum_{s \le t} a_s$, $a_t = (t + 1)^r \gamma_{\max}^p$
    $v \leftarrow \beta_2 v + (1 - \beta_2) g^2$
    $s = \gamma_t (g / (\sqrt{\hat v} + \epsilon) + \lambda y)$
    $y \leftarrow y - c (y - z) - (1 - \beta_1 (1 - c)) \, s$
    $z \leftarrow z - s$

    The parameter is $y$, where gradients are taken. A model is evaluated with the
    average $x = (y - (1 - \beta_1) z) / \beta_1$.

    Defaults: the authors' code, with `weight_lr_power` for $p$ and `warmup_steps` for
    $T_w$. Moving averages of batch normalization are those at $y$: pass data through
    the model with the weights to evaluate with before it is evaluated.
    schedulefree `AdamWScheduleFree`: the same numbers; its `eval()` and `train()` are
    `withEvaluationWeights` of the emitted class. The paper: corrects the learning rate
    instead of $v$. PyTorch has none. Keras `ScheduleFreeAdamW`: the same numbers at a
    steady rate and without weight decay; its weights of the average are all 1, and it
    has no way to the average.
    Optax `contrib.schedule_free_adamw`: the same numbers.

    A model is evaluated with other weights than it trains at: inside `with
    optimizer.evaluation_weights():`, or with the callback `EvaluationWeights()`.

    ```
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
    ```

    Args:
        learning_rate: A float, a `keras.optimizers.schedules.LearningRateSchedule`, or
            a callable without arguments. In (0, inf).
        beta1: A float. In (0, 1).
        beta2: A float. In [0, 1).
        epsilon: A float. In [0, inf).
        weight_decay: A float. It is that of the rule, and takes the place of that of
            the base class. In [0, inf).
        warmup_steps: A float. In [0, inf).
        r: A float. In [0, inf).
        weight_lr_power: A float. In [0, inf).
        **kwargs: Arguments of `keras.optimizers.Optimizer`.

    Reference:
        - Defazio, Yang, Mehta, Mishchenko, Khaled and Cutkosky, 2024, The Road Less
            Scheduled, https://arxiv.org/abs/2405.15682
    """

    def __init__(
        self,
        learning_rate: LearningRate = 0.0025,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0,
        warmup_steps: float = 0,
        r: float = 0,
        weight_lr_power: float = 2,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            learning_rate=checked_rate(learning_rate, 0.0, math.inf, "()"), **kwargs
        )
        self.beta1 = checked("beta1", beta1, 0.0, 1.0, "()")
        self.beta2 = checked("beta2", beta2, 0.0, 1.0, "[)")
        self.epsilon = checked("epsilon", epsilon, 0.0, math.inf, "[)")
        self.weight_decay = checked("weight_decay", weight_decay, 0.0, math.inf, "[)")
        self.warmup_steps = checked("warmup_steps", warmup_steps, 0.0, math.inf, "[)")
        self.r = checked("r", r, 0.0, math.inf, "[)")
        self.weight_lr_power = checked(
            "weight_lr_power", weight_lr_power, 0.0, math.inf, "[)"
        )

    def build(self, variables: list[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self.largest = add_number(self, "largest", 0, WIDE)
        self.total = add_number(self, "total", 0, WIDE)
        self.z: list[Any] = []
        self.average: list[Any] = []
        for variable in variables:
            self.z.append(add_state(self, variable, "z", lambda w: w))
            self.average.append(add_state(self, variable, "average", ops.zeros_like))

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        index = self._get_variable_index(variable)
        w = working(variable)
        g = working(gradient)
        t = wide(self.iterations)
        lr = wide(learning_rate)
        weight_decay = self.weight_decay if self._use_weight_decay(variable) else 0.0
        largest = working(self.largest)
        total = working(self.total)
        beta2_correction = ops.cast(1 - self.beta2 ** (t + 1), w.dtype)
        rate = lr * full_minimum((t + 1) / max(self.warmup_steps, 1), 1)
        largest2 = larger(rate, largest)
        weight = (t + 1) ** self.r * largest2**self.weight_lr_power
        total2 = total + weight
        c = ops.where(total2 > 0, weight / total2, wide(0))
        step_size = ops.cast(1 - self.beta1 * (1 - c), w.dtype)
        rate = ops.cast(rate, w.dtype)
        c = ops.cast(c, w.dtype)
        z = working(self.z[index])
        average = working(self.average[index])
        average = self.beta2 * average + (1 - self.beta2) * ops.square(g)
        v_hat = average / beta2_correction
        step = rate * (g / (ops.sqrt(v_hat) + self.epsilon) + weight_decay * w)
        update = c * (w - z) + step_size * step
        z = z - step
        self.assign(variable, w - update)
        self.assign(self.average[index], average)
        self.assign(self.z[index], z)

    def _backend_update_step(
        self, grads: Any, trainable_variables: Any, learning_rate: Any
    ) -> None:
        super()._backend_update_step(grads, trainable_variables, learning_rate)
        t = wide(self.iterations)
        lr = wide(learning_rate)
        largest = working(self.largest)
        total = working(self.total)
        rate = lr * full_minimum((t + 1) / max(self.warmup_steps, 1), 1)
        largest2 = larger(rate, largest)
        weight = (t + 1) ** self.r * largest2**self.weight_lr_power
        total2 = total + weight
        self.assign(self.largest, largest2)
        self.assign(self.total, total2)

    def _apply_weight_decay(self, variables: list[Any]) -> None:
        """The rule decays weights itself."""

    def evaluated(self, variable: Any) -> Any:
        index = self._get_variable_index(variable)
        w = working(variable)
        z = working(self.z[index])
        return z + (w - z) / self.beta1

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        config.update(
            {
                "beta1": self.beta1,
                "beta2": self.beta2,
                "epsilon": self.epsilon,
                "weight_decay": self.weight_decay,
                "warmup_steps": self.warmup_steps,
                "r": self.r,
                "weight_lr_power": self.weight_lr_power,
            }
        )
        return config


def larger(a: Number, b: Number) -> Tensor:
    """The larger of two numbers: NaN if either is, and 0 above -0."""
    most = ops.where((a > b) | ops.isnan(a), a, b)
    return ops.where((a == 0) & (b == 0), a + b, most)


def in_full(called: str, *x: Tensor) -> Tensor:
    """A function of tensors in all the bits that these have."""
    libraries = {"jax": "jax.numpy", "torch": "torch"}
    library = libraries.get(keras.backend.backend())
    return getattr(importlib.import_module(library) if library else ops, called)(*x)


def typed(x: Number, dtype: str) -> Tensor:
    """A number in a type. TensorFlow takes Python's for 32 bits, and -0 for 0."""
    return ops.cast(np.array(x) if isinstance(x, (int, float)) else x, dtype)


def wide(x: Number) -> Tensor:
    """A number in 64 bits where the backend has them: 1 - beta**t loses half of 32."""
    return typed(x, WIDE)


def minimum(a: float, b: float) -> float:
    """The smaller of two numbers: NaN if either is, and -0 below 0."""
    if math.isnan(a) or math.isnan(b):
        return math.nan
    if a == b == 0:
        return min(math.copysign(1.0, a), math.copysign(1.0, b)) * 0.0
    return min(a, b)


def full_minimum(a: Number, b: Number) -> Tensor:
    """The smaller of two numbers."""
    return in_full("minimum", wide(a), wide(b))


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
