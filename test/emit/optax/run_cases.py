"""Takes emitted transformations through runs of gradients: ``run_cases.py CASES ANSWERS``.

Numbers of 32 bits travel as bytes in base64, so that NaN, zeros and infinities are what
they are; those of 64 bits as their hexadecimal text.
"""

import base64
import importlib.util
import inspect
import json
import sys
import traceback
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax

jax.config.update("jax_enable_x64", True)


def read(text, shape):
    numbers = np.frombuffer(base64.b64decode(text), dtype="<f4")
    return jnp.asarray(numbers.reshape(shape))


def shown(array):
    assert array.dtype == jnp.float32, array.dtype
    return base64.b64encode(np.asarray(array).astype("<f4").tobytes()).decode()


def load(path):
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def states_of(state, structure):
    """The states of each parameter, and the numbers of the run."""
    own = [{} for _ in range(structure.num_leaves)]
    run = {}
    for field, value in state._asdict().items():
        # Names that Python or its linters refuse have an underscore behind them.
        name = field.rstrip("_")
        if isinstance(value, list):
            for states, leaf in zip(own, structure.flatten_up_to(value), strict=True):
                if not isinstance(leaf, optax.MaskedNode):
                    states[name] = shown(leaf)
        elif name != "count":
            run[name] = float(value).hex()
    return own, run


def run(case):
    module = load(case["path"])
    make = getattr(module, case["name"])
    takes = inspect.signature(make).parameters
    given = {key: x for key, x in case["options"].items() if key in takes}
    transformation = make(**given)
    params = [read(each["start"], each["shape"]) for each in case["parameters"]]
    structure = jax.tree.structure(params)
    evaluate = getattr(module, f"{case['name']}_eval_params", None)

    # Not compiled: each run is another program, and so short that compiling takes longest.
    def step(params, state, gradients):
        updates, state = transformation.update(gradients, state, params)
        return optax.apply_updates(params, updates), state

    state = transformation.init(params)
    steps = []
    for t in range(case["steps"]):
        gradients = [
            read(each["gradients"][t], each["shape"]) for each in case["parameters"]
        ]
        params, state = step(params, state, gradients)
        own, numbers = states_of(state, structure)
        found = {"w": [shown(w) for w in params], "states": own, "run": numbers}
        if evaluate is not None:
            steps_given = {
                key: x
                for key, x in given.items()
                if key in inspect.signature(evaluate).parameters
            }
            weights = evaluate(state, params, **steps_given)
            found["evaluate"] = [shown(w) for w in weights]
        steps.append(found)
    return steps


def answer(case):
    try:
        return {"steps": run(case)}
    except Exception:
        return {"error": traceback.format_exc()}


def main():
    cases = json.loads(Path(sys.argv[1]).read_text())
    Path(sys.argv[2]).write_text(json.dumps([answer(case) for case in cases]))


main()
