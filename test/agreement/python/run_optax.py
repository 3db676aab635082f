"""Takes emitted transformations of optax through runs of given gradients."""

import inspect

import jax
import jax.numpy as jnp
import optax
from protocol import answer_all, load, read, shown

jax.config.update("jax_enable_x64", True)


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


def taken_by(function, options):
    takes = inspect.signature(function).parameters
    return {key: x for key, x in options.items() if key in takes}


def run(case):
    module = load(case["path"])
    make = getattr(module, case["name"])
    transformation = make(**taken_by(make, case["options"]))
    params = [
        jnp.asarray(read(each["start"], each["shape"])) for each in case["parameters"]
    ]
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
            jnp.asarray(read(each["gradients"][t], each["shape"]))
            for each in case["parameters"]
        ]
        params, state = step(params, state, gradients)
        own, numbers = states_of(state, structure)
        found = {"w": [shown(w) for w in params], "states": own, "run": numbers}
        if evaluate is not None:
            weights = evaluate(state, params, **taken_by(evaluate, case["options"]))
            found["evaluate"] = [shown(w) for w in weights]
        steps.append(found)
    return steps


answer_all(run)
