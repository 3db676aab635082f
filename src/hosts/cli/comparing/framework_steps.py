"""Steps of a framework's own optimizer: reads a question as JSON from standard input, and answers on standard output.

The question has `framework`, `name`, `flags`, `hyperparameters`, `start` (a matrix) and `gradients` (one a step). The answer has `version`,
`arguments` (those the optimizer was given) and `weights` (one matrix a step), or `missing`, why there is none.
"""

import functools
import inspect
import json
import os
import sys

# What frameworks call hyperparameters of the library.
NAMES = {
    "lr": ["lr", "learning_rate"],
    "beta1": ["b1", "beta_1", "beta1"],
    "beta2": ["b2", "beta_2", "beta2"],
    "epsilon": ["eps", "epsilon"],
    "rho": ["rho", "decay"],
    "alpha": ["alpha", "rho", "decay"],
    "beta": ["beta", "momentum", "rho"],
    "momentum": ["momentum", "b1"],
    "mu": ["momentum"],
}


def arguments_of(make, hyperparameters, flags):
    """The hyperparameters that it has, by its own names."""
    parameters = inspect.signature(make).parameters
    given = dict.fromkeys(flags, True)
    for name, value in hyperparameters.items():
        found = next((each for each in NAMES.get(name, [name]) if each in parameters), None)
        # Where a framework says None for none, 0 may be something else.
        if found is not None and not (value == 0 and parameters[found].default is None):
            given.setdefault(found, float(value) if name == "lr" else value)
    if "betas" in parameters and "beta1" in hyperparameters and "beta2" in hyperparameters:
        given["betas"] = [hyperparameters["beta1"], hyperparameters["beta2"]]
    return given


def with_torch(question):
    """Steps of a class of `torch.optim`."""
    import torch

    make = getattr(torch.optim, question["name"])
    given = arguments_of(make, question["hyperparameters"], question["flags"])
    w = torch.tensor(question["start"], dtype=torch.float64, requires_grad=True)
    optimizer = make([w], **{name: tuple(value) if isinstance(value, list) else value for name, value in given.items()})
    weights = []
    for gradient in question["gradients"]:
        w.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        weights.append(w.detach().tolist())
    return torch.__version__, given, weights


def with_optax(question):
    """Steps of a transformation of `optax` or `optax.contrib`."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    import optax

    make = functools.reduce(getattr, question["name"].split("."), optax)
    given = arguments_of(make, question["hyperparameters"], question["flags"])
    transformation = make(**given)
    w = jnp.array(question["start"])
    state = transformation.init(w)
    weights = []
    for gradient in question["gradients"]:
        updates, state = transformation.update(jnp.array(gradient), state, w)
        w = optax.apply_updates(w, updates)
        weights.append(w.tolist())
    return optax.__version__, given, weights


def with_keras(question):
    """Steps of a class of `keras.optimizers`."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    # Rates and momenta are of this type, whatever the weights are.
    keras.config.set_floatx("float64")
    make = getattr(keras.optimizers, question["name"])
    given = arguments_of(make, question["hyperparameters"], question["flags"])
    optimizer = make(**given)
    w = keras.Variable(question["start"], dtype="float64")
    optimizer.build([w])
    weights = []
    for gradient in question["gradients"]:
        optimizer.apply([keras.ops.convert_to_tensor(gradient, dtype="float64")], [w])
        weights.append(keras.ops.convert_to_numpy(w).tolist())
    return f"{keras.__version__} on {keras.backend.backend()}", given, weights


FRAMEWORKS = {"pytorch": with_torch, "optax": with_optax, "keras": with_keras}


def main():
    """Answers the question."""
    question = json.load(sys.stdin)
    try:
        version, given, weights = FRAMEWORKS[question["framework"]](question)
        answer = {"version": version, "arguments": given, "weights": weights}
    except Exception as error:
        answer = {"missing": f"{type(error).__name__}: {error}"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
