"""Weights to evaluate with that are not those that are trained."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops

from .variables import Number, Tensor


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


def last_rate(optimizer: keras.optimizers.Optimizer) -> Number:
    """The learning rate of the step that was taken last."""
    rate = optimizer._learning_rate
    if isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):
        return rate(optimizer._iterations - 1)
    return optimizer.learning_rate
