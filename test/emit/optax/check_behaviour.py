"""What emitted transformations do beside their arithmetic: ``check_behaviour.py FOLDER``.

Each function that begins with ``test_`` is a case; the folder holds the modules.
"""

import sys

import jax
import jax.numpy as jnp
import optax

sys.path.insert(0, sys.argv[1])

from adam import adam
from muon import muon
from schedule_free_adamw import schedule_free_adamw, schedule_free_adamw_eval_params
from schedules import cosine_after, cosine_after_schedule
from sgld import sgld

PARAMS = {"kernel": jnp.linspace(-1, 1, 6).reshape(3, 2), "bias": jnp.ones(2)}


def gradients(params):
    return jax.tree.map(lambda w: jnp.sin(3 * w + 1), params)


def train(transformation, params=PARAMS, steps=5, state=None):
    state = transformation.init(params) if state is None else state

    @jax.jit
    def step(params, state):
        updates, state = transformation.update(gradients(params), state, params)
        return optax.apply_updates(params, updates), state

    for _ in range(steps):
        params, state = step(params, state)
    return params, state


def close(a, b, tolerance=0.0):
    for x, y in zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True):
        assert x.dtype == y.dtype and x.shape == y.shape
        assert bool(jnp.all(jnp.abs(x - y) <= tolerance)), (x, y)


def refused(error, sentence, work):
    try:
        work()
    except error as raised:
        assert sentence in str(raised), raised
    else:
        raise AssertionError(f"nothing was said: {sentence}")


def test_adam_is_that_of_optax():
    close(train(adam(0.01))[0], train(optax.adam(0.01))[0], 1e-7)


def test_goes_on_from_its_state():
    params, state = train(adam(0.01), steps=3)
    close(train(adam(0.01), params, 2, state), train(adam(0.01), steps=5))


def test_scan():
    transformation = schedule_free_adamw(0.01)

    def step(carry, _):
        params, state = carry
        updates, state = transformation.update(gradients(params), state, params)
        return (optax.apply_updates(params, updates), state), None

    first = (PARAMS, transformation.init(PARAMS))
    (params, _), _ = jax.lax.scan(step, first, None, length=5)
    close(params, train(transformation)[0], 1e-6)


def test_vmap():
    transformation = adam(0.01)
    several = jax.tree.map(lambda w: jnp.stack([w, 2 * w]), PARAMS)

    def step(params):
        state = transformation.init(params)
        return transformation.update(gradients(params), state, params)[0]

    found = jax.vmap(step)(several)
    second = jax.tree.map(lambda w: 2 * w, PARAMS)
    close(jax.tree.map(lambda x: x[1], found), step(second), 1e-8)


def test_hyperparameters_are_injected():
    transformation = optax.inject_hyperparams(adam)(lr=0.01)
    state = transformation.init(PARAMS)
    state.hyperparams["lr"] = jnp.asarray(0.02)
    injected = train(transformation, state=state)[0]
    close(injected, train(adam(0.02))[0], 1e-5)


def test_schedules():
    rate = optax.cosine_decay_schedule(0.1, 8)
    by_optax = optax.inject_hyperparams(adam)(lr=rate)
    close(train(adam(rate))[0], train(by_optax)[0], 1e-5)
    close(train(adam(cosine_after_schedule(0.1, 8)))[0], train(adam(rate))[0], 1e-6)
    assert float(cosine_after(2.0, 8.0)) > float(cosine_after(4.0, 8.0))


def test_only_some_parameters():
    mask = {"kernel": True, "bias": False}
    masked = optax.masked(muon(0.1), mask)
    params, _ = train(masked)
    alone = train(muon(0.1), {"kernel": PARAMS["kernel"]})[0]
    close(params["kernel"], alone["kernel"], 1e-6)
    labels = {"kernel": "ours", "bias": "theirs"}
    rules = {"ours": muon(0.1), "theirs": optax.sgd(0.1)}
    params, _ = train(optax.multi_transform(rules, labels))
    close(params["kernel"], alone["kernel"], 1e-6)


def test_chain():
    clipped = optax.chain(optax.clip_by_global_norm(0.1), adam(0.01))
    theirs = optax.chain(optax.clip_by_global_norm(0.1), optax.adam(0.01))
    close(train(clipped)[0], train(theirs)[0], 1e-6)


def test_weights_to_evaluate_with():
    transformation = schedule_free_adamw(0.01)
    state = transformation.init(PARAMS)
    close(schedule_free_adamw_eval_params(state, PARAMS), PARAMS)
    params, state = train(transformation)
    ours = jax.jit(schedule_free_adamw_eval_params)(state, params)
    x = jax.tree.map(lambda w, z: (w - 0.1 * z) / 0.9, params, state.z)
    close(ours, x, 1e-6)


def test_random_numbers_rest_on_the_seed_and_the_step():
    a, b = sgld(0.1, seed=1), sgld(0.1, seed=2)
    close(train(a)[0], train(a)[0])
    assert not bool(jnp.allclose(train(a)[0]["bias"], train(b)[0]["bias"]))


def test_short_parameters_have_long_states():
    short = jax.tree.map(lambda w: w.astype(jnp.bfloat16), PARAMS)
    params, state = train(adam(0.01), short)
    assert params["bias"].dtype == jnp.bfloat16
    assert state.m["bias"].dtype == jnp.float32


def test_hidden_parameters():
    def hidden(params):
        return jax.tree.map(lambda w: w.shape != (3, 2), params)

    params, _ = train(muon(0.1, hidden=hidden))
    others, _ = train(muon(0.1))
    assert not bool(jnp.allclose(params["kernel"], others["kernel"]))


def test_what_cannot_be_is_refused():
    refused(ValueError, "lr is -1; it must be in (0, inf)", lambda: adam(-1))
    refused(TypeError, "lr must be a number", lambda: adam("fast"))
    state = adam(0.1).init(PARAMS)
    refused(ValueError, "needs params", lambda: adam(0.1).update(PARAMS, state))


for name, case in list(globals().items()):
    if name.startswith("test_"):
        case()
        print(name)
