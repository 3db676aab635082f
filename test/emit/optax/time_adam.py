"""How long a compiled step takes beside optax.adam: ``time_adam.py ADAM_MODULE [SIZE]``."""

import importlib.util
import sys
import time

import jax
import jax.numpy as jnp
import optax


def load(path):
    spec = importlib.util.spec_from_file_location("adam", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["adam"] = module
    spec.loader.exec_module(module)
    return module


def prepare(transformation, params):
    gradients = jax.tree.map(jnp.sin, params)

    @jax.jit
    def step(params, state):
        updates, state = transformation.update(gradients, state, params)
        return optax.apply_updates(params, updates), state

    carried = step(params, transformation.init(params))
    jax.block_until_ready(carried)

    def once():
        nonlocal carried
        begin = time.perf_counter()
        carried = jax.block_until_ready(step(*carried))
        return time.perf_counter() - begin

    return once


size = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
params = [jnp.linspace(-1, 1, size // 4).reshape(-1, 50) for _ in range(4)]
steps = [
    prepare(load(sys.argv[1]).adam(1e-3), params),
    prepare(optax.adam(1e-3), params),
]
# In turns, so that whatever else the machine does meets both.
times = [[step() for step in steps] for _ in range(200)]
ours, theirs = (sorted(each)[len(times) // 4] for each in zip(*times, strict=True))
print(f"{1e3 * ours:.3f} ms, optax.adam {1e3 * theirs:.3f} ms: {ours / theirs:.2f} times")
