"""Takes emitted optimizers of Keras through runs on a backend, the third argument."""

import inspect
import os
import sys

os.environ["KERAS_BACKEND"] = sys.argv[3]
os.environ["JAX_ENABLE_X64"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["OMP_NUM_THREADS"] = "1"

import keras
import protocol
from keras import ops
from protocol import answer_all, load, read

BASE = set(vars(keras.optimizers.SGD()))


def shown(variable):
    return protocol.shown(ops.convert_to_numpy(variable))


def states_of(optimizer, variables):
    """The states of each variable, and the numbers of the run."""
    own = [{} for _ in variables]
    run = {}
    for field, value in vars(optimizer).items():
        # Names that Python or its linters refuse have an underscore behind them.
        name = field.rstrip("_")
        if field in BASE or field.startswith("_") or field == "of_hidden":
            continue
        if isinstance(value, (list, tuple)):
            for states, state in zip(own, value, strict=True):
                if state is not None and "int" not in str(state.dtype):
                    states[name] = shown(state)
        elif isinstance(value, keras.Variable):
            run[name] = float(value).hex()
    return own, run


def run(case):
    make = getattr(load(case["path"]), case["name"])
    takes = inspect.signature(make).parameters
    optimizer = make(**{key: x for key, x in case["options"].items() if key in takes})
    variables = [
        keras.Variable(read(each["start"], each["shape"]), dtype="float32")
        for each in case["parameters"]
    ]
    optimizer.build(variables)
    steps = []
    for t in range(case["steps"]):
        gradients = [
            ops.convert_to_tensor(read(each["gradients"][t], each["shape"]))
            for each in case["parameters"]
        ]
        optimizer.apply(gradients, variables)
        own, numbers = states_of(optimizer, variables)
        found = {"w": [shown(v) for v in variables], "states": own, "run": numbers}
        if hasattr(optimizer, "evaluated"):
            found["evaluate"] = [shown(optimizer.evaluated(v)) for v in variables]
        steps.append(found)
    return steps


answer_all(run)
