"""How long steps take beside those of the framework's own optimizers.

``time_steps.py FOLDER pytorch|optax|keras [--device cpu|cuda] [--decay RATE]``, where
the folder holds modules of the framework of adam, adamw, sgd, momentum, rmsprop,
adagrad, adadelta, nadam and radam. A million parameters, on one thread of a processor.
Optimizers take turns, so that a busy machine slows all of them; shown are medians.
Keras runs on the backend that KERAS_BACKEND names.
"""

import argparse
import importlib
import os
import statistics
import sys
import time

TURNS = 100
WIDTHS = [(784, 512), (512, 512), (512, 512), (512, 128)]
SHAPES = [shape for i, o in WIDTHS for shape in ((o, i), (o,))]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("framework", choices=["pytorch", "optax", "keras"])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--decay", type=float, default=0.0)
    return parser.parse_args()


def compare(title, steps, wait, device):
    """Prints medians, and what the first takes in parts of the last."""
    # On a processor the time of this process: others on the machine do not count.
    clock = time.process_time if device == "cpu" else time.perf_counter
    times = {name: [] for name in steps}
    for turn in range(TURNS + 10):
        for name, step in steps.items():
            wait()
            begin = clock()
            step()
            wait()
            if turn >= 10:
                times[name].append(1000 * (clock() - begin))
    medians = {name: statistics.median(each) for name, each in times.items()}
    ours, theirs = medians.values()
    shown = " | ".join(f"{each:.2f} ms" for each in (ours, theirs))
    print(f"| {title} | {shown} | {ours / theirs:.2f} |", flush=True)


def time_pytorch(device, decay):
    import torch

    torch.set_num_threads(1)
    wait = torch.cuda.synchronize if device != "cpu" else lambda: None

    def parameters():
        torch.manual_seed(0)
        made = [torch.nn.Parameter(torch.randn(s, device=device)) for s in SHAPES]
        for parameter in made:
            parameter.grad = torch.randn_like(parameter)
        return made

    their = torch.optim
    for title, Theirs, options in (
        ("sgd", their.SGD, {}),
        ("momentum", their.SGD, {"momentum": 0.9}),
        ("adam", their.Adam, {}),
        ("adamw", their.AdamW, {}),
        ("rmsprop", their.RMSprop, {}),
        ("adagrad", their.Adagrad, {}),
        ("adadelta", their.Adadelta, {}),
        ("nadam", their.NAdam, {}),
        ("radam", their.RAdam, {}),
    ):
        Ours = ours_of(title)
        kept = {"lr": 0.001, "weight_decay": decay}
        theirs = Theirs(parameters(), foreach=True, **kept, **options)
        steps = {"ours": Ours(parameters(), **kept).step, "theirs": theirs.step}
        compare(title, steps, wait, device)
    Ours = ours_of("adam")
    fused = their.Adam(parameters(), fused=True, weight_decay=decay)
    compiled = torch.compile(Ours(parameters(), weight_decay=decay).step)
    steps = {"ours": compiled, "theirs": fused.step}
    compare("adam, compiled, beside `fused=True`", steps, wait, device)


def time_optax(device, decay):
    import jax
    import jax.numpy as jnp
    import optax

    place = jax.devices("gpu" if device == "cuda" else device)[0]
    keys = jax.random.split(jax.random.key(0), len(SHAPES))
    start = [jax.random.normal(k, s) for k, s in zip(keys, SHAPES, strict=True)]
    start = jax.device_put(start, place)
    gradients = jax.tree.map(jnp.sin, start)

    def prepare(transformation):
        @jax.jit
        def step(params, state):
            updates, state = transformation.update(gradients, state, params)
            return optax.apply_updates(params, updates), state

        carried = [start, transformation.init(start)]

        def once():
            carried[:] = jax.block_until_ready(step(*carried))

        return once

    for title, theirs in (
        ("sgd", optax.sgd(0.001)),
        ("momentum", optax.sgd(0.001, momentum=0.9)),
        ("adam", optax.adam(0.001)),
        ("adamw", optax.adamw(0.001, weight_decay=decay)),
        ("rmsprop", optax.rmsprop(0.001, decay=0.99)),
        ("adagrad", optax.adagrad(0.001)),
        ("adadelta", optax.adadelta(0.001)),
        ("nadam", optax.nadam(0.001)),
        ("radam", optax.radam(0.001)),
    ):
        ours = ours_of(title)(lr=0.001, weight_decay=decay)
        steps = {"ours": prepare(ours), "theirs": prepare(theirs)}
        compare(title, steps, lambda: None, device)


def time_keras(device, decay):
    import keras
    import numpy as np

    random = np.random.default_rng(0)
    start = [random.normal(size=shape).astype("float32") for shape in SHAPES]

    def prepare(optimizer):
        variables = [keras.Variable(x) for x in start]
        gradients = [keras.ops.convert_to_tensor(np.sin(x)) for x in start]
        optimizer.build(variables)
        return keras_step(optimizer, variables, gradients)

    their = keras.optimizers
    kept = {"learning_rate": 0.001, "weight_decay": decay or None}
    for title, theirs in (
        ("sgd", their.SGD(**kept)),
        ("momentum", their.SGD(momentum=0.9, **kept)),
        ("adam", their.Adam(**kept)),
        ("adamw", their.AdamW(0.001, weight_decay=decay)),
        ("rmsprop", their.RMSprop(**kept)),
        ("adagrad", their.Adagrad(**kept)),
        ("adadelta", their.Adadelta(**kept)),
        ("nadam", their.Nadam(**kept)),
    ):
        ours = ours_of(title)(learning_rate=0.001, weight_decay=decay)
        steps = {"ours": prepare(ours), "theirs": prepare(theirs)}
        compare(title, steps, lambda: None, device)


def keras_step(optimizer, variables, gradients):
    """A step as Keras's training takes it on the backend."""
    import keras

    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        return tf.function(lambda: optimizer.apply(gradients, variables))
    if backend == "torch":
        return lambda: optimizer.apply(gradients, variables)
    import jax

    step = jax.jit(optimizer.stateless_apply)
    carried = [
        [x.value for x in variables],
        [x.value for x in optimizer.variables],
    ]

    def once():
        carried[:] = jax.block_until_ready(step(carried[1], gradients, carried[0]))

    return once


def ours_of(name):
    found = importlib.import_module(name)
    return next(getattr(found, own) for own in found.__all__ if own.lower() == name)


def main():
    given = arguments()
    sys.path.insert(0, given.folder)
    if given.device == "cpu":
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    print("| rule | emitted | the framework's own | ratio |\n| --- | --- | --- | --- |")
    kinds = {"pytorch": time_pytorch, "optax": time_optax, "keras": time_keras}
    kinds[given.framework](given.device, given.decay)


if __name__ == "__main__":
    main()
