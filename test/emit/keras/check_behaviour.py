"""What emitted optimizers do beside their arithmetic: ``check_behaviour.py FOLDER BACKEND``.

Each function that begins with ``test_`` is a case; the folder holds the modules.
"""

import os
import sys
import traceback
import warnings

folder, backend = sys.argv[1:3]
os.environ["KERAS_BACKEND"] = backend
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
sys.path.insert(0, folder)

import keras
import numpy as np
from adam import Adam
from keras import ops
from muon import Muon
from prodigy import Prodigy
from schedule_free_adamw import EvaluationWeights, ScheduleFreeAdamW
from schedules import CosineAfter
from sgd import SGD
from sgld import SGLD

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(12, 2)
Y = (X @ np.array([[1.0], [-2.0]]) + 0.5).astype(np.float32)


def variables(dtype="float32"):
    return [
        keras.Variable(np.linspace(-1, 1, 6).reshape(3, 2), dtype=dtype, name="kernel"),
        keras.Variable(np.ones(2), dtype=dtype, name="bias"),
    ]


def train(optimizer, own=None, steps=5):
    own = variables() if own is None else own
    for _ in range(steps):
        values = [ops.convert_to_numpy(v).astype(np.float32) for v in own]
        gradients = [ops.cast(np.sin(3 * w + 1), v.dtype) for w, v in zip(values, own)]
        optimizer.apply(gradients, own)
    return [ops.convert_to_numpy(v).astype(np.float32) for v in own]


def model_of(optimizer):
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [keras.layers.Input((2,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)]
    )
    model.compile(optimizer, "mse")
    return model


def fit(model, epochs=2, **options):
    model.fit(X, Y, batch_size=4, epochs=epochs, shuffle=False, verbose=0, **options)
    return weights_of(model)


def weights_of(model):
    return [ops.convert_to_numpy(v) for v in model.trainable_variables]


def close(a, b, tolerance=0.0):
    for x, y in zip(a, b, strict=True):
        assert x.dtype == y.dtype and x.shape == y.shape
        assert np.all(np.abs(x - y) <= tolerance), (x, y)


def differs(a, b):
    assert not all(np.allclose(x, y) for x, y in zip(a, b, strict=True)), (a, b)


def refused(error, sentence, work):
    try:
        work()
    except error as raised:
        assert sentence in str(raised), raised
    else:
        raise AssertionError(f"nothing was said: {sentence}")


def test_adam_is_that_of_keras():
    ours, theirs = Adam(0.01, epsilon=0.0), keras.optimizers.Adam(0.01, epsilon=0.0)
    close(train(ours), train(theirs), 1e-6)
    close(
        fit(model_of(ours.from_config(ours.get_config()))),
        fit(model_of(theirs.from_config(theirs.get_config()))),
        1e-4,
    )


def test_a_saved_model_goes_on():
    for optimizer in (Adam(0.01), ScheduleFreeAdamW(0.01), Prodigy(), Muon(0.01)):
        model = model_of(optimizer)
        fit(model)
        path = os.path.join(folder, f"{optimizer.name}.keras")
        model.save(path)
        loaded = keras.models.load_model(path)
        assert type(loaded.optimizer) is type(optimizer)
        close(fit(loaded), fit(model))


def test_configurations():
    optimizer = Adam(CosineAfter(0.1, 8, start=2.0), beta1=0.5, clipnorm=1.0, name="a")
    config = optimizer.get_config()
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    assert again.get_config() == config and config["beta1"] == 0.5, config
    close(train(again), train(optimizer))


def test_schedules():
    theirs = keras.optimizers.schedules.CosineDecay(0.1, 8)
    close(train(Adam(CosineAfter(0.1, 8))), train(Adam(theirs)), 1e-6)
    rate = CosineAfter(0.1, 8)
    close(
        [np.asarray(ops.convert_to_numpy(rate(ops.cast(4, "int32"))))],
        [np.float32(0.05)],
        1e-8,
    )


def test_the_rate_can_be_set():
    optimizer = Adam(0.01)
    optimizer.learning_rate = 0.02
    close(train(optimizer), train(Adam(0.02)))
    constant = keras.callbacks.LearningRateScheduler(lambda epoch: 0.02)
    close(fit(model_of(Adam(0.01)), callbacks=[constant]), fit(model_of(Adam(0.02))))


def test_clipping_is_that_of_the_base_class():
    for option in ({"clipnorm": 0.1}, {"global_clipnorm": 0.1}, {"clipvalue": 0.1}):
        theirs = train(keras.optimizers.SGD(0.1, **option))
        close(train(SGD(0.1, **option)), theirs, 1e-6)


def test_averages_are_those_of_the_base_class():
    option = {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2}
    close(train(SGD(0.1, **option)), train(keras.optimizers.SGD(0.1, **option)), 1e-6)


def test_gradients_accumulate():
    option = {"gradient_accumulation_steps": 2}
    for kind, tolerance in ((SGD, 1e-6), (Adam, 1e-6), (Prodigy, 1e-6)):
        own, other = variables(), variables()
        twice, once = kind(0.1, **option), kind(0.1)
        for step in range(3):
            gradients = [
                ops.cast(np.cos(step + ops.convert_to_numpy(v)), "float32") for v in own
            ]
            for _ in range(2):
                twice.apply(gradients, own)
            once.apply(gradients, other)
        both = [[ops.convert_to_numpy(v) for v in each] for each in (own, other)]
        close(*both, tolerance)


def test_losses_are_scaled():
    scaled = SGD(0.1, loss_scale_factor=4.0)
    own = variables()
    gradients = [ops.ones(v.shape) for v in own]
    scaled.apply([4.0 * g for g in gradients], own)
    other = variables()
    SGD(0.1).apply(gradients, other)
    close(*[[ops.convert_to_numpy(v) for v in each] for each in (own, other)])


def test_decay_is_applied_once():
    # That of the base class, where the rule has none.
    ours = train(SGLD(0.1, temperature=0.0, weight_decay=0.1))
    close(ours, train(keras.optimizers.SGD(0.1, weight_decay=0.1)), 1e-6)
    # That of the rule, which is part of the gradient here.
    gradient = 0.1 * np.ones(2, np.float32)
    own = [keras.Variable(np.ones(2, np.float32), name="bias")]
    SGD(0.5, weight_decay=0.1).apply([ops.zeros(2)], own)
    close([ops.convert_to_numpy(own[0])], [1 - 0.5 * gradient], 1e-7)


def test_some_variables_do_not_decay():
    for optimizer in (Adam(0.1, weight_decay=0.5), SGLD(0.1, 0.0, weight_decay=0.5)):
        optimizer.exclude_from_weight_decay(var_names=["bias"])
        own = variables()
        optimizer.apply([ops.zeros(v.shape) for v in own], own)
        kernel, bias = (ops.convert_to_numpy(v) for v in own)
        close([bias], [np.ones(2, np.float32)])
        assert kernel[0, 0] > -1


def test_variables_without_gradients_are_left_alone():
    own = variables()
    optimizer = Adam(0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        optimizer.apply([None, ops.ones(2)], own)
    assert np.all(ops.convert_to_numpy(optimizer.m[0]) == 0)
    assert np.all(ops.convert_to_numpy(optimizer.m[1]) != 0)
    close([ops.convert_to_numpy(own[0])], [ops.convert_to_numpy(variables()[0])])


def test_short_variables_have_long_states():
    own = variables("bfloat16")
    optimizer = Adam(0.01)
    train(optimizer, own)
    assert keras.backend.standardize_dtype(optimizer.m[0].dtype) == "float32"


def test_mixed_precision():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        for optimizer in (Adam(0.01), Prodigy()):
            model = model_of(keras.optimizers.LossScaleOptimizer(optimizer))
            assert all(np.all(np.isfinite(w)) for w in fit(model))
            assert int(ops.convert_to_numpy(optimizer.iterations)) > 0
    finally:
        keras.config.set_dtype_policy("float32")


def test_embeddings():
    # A table that is looked up is a matrix times columns of 0 and 1; words come several times in a batch.
    words = np.arange(12).reshape(12, 1) % 5
    for make in (Adam, ScheduleFreeAdamW):
        trained = []
        for layer, x in (
            (keras.layers.Embedding(5, 3), words),
            (keras.layers.Dense(3, use_bias=False), np.eye(5, dtype="float32")[words]),
        ):
            inputs = keras.Input(x.shape[1:])
            model = keras.Sequential(
                [inputs, layer, keras.layers.Flatten(), keras.layers.Dense(1)]
            )
            # Each number another, and the same in both models.
            shapes = [w.shape for w in model.weights]
            model.set_weights(
                [np.linspace(0.1, 0.9, np.prod(s)).reshape(s) for s in shapes]
            )
            model.compile(make(0.01), "mse")
            model.fit(x, Y, epochs=2, shuffle=False, verbose=0)
            trained.append(weights_of(model))
        close(trained[0], trained[1], 1e-5)


def test_states_that_start_from_weights_need_them():
    words = np.arange(12).reshape(12, 1) % 5

    def fit_embeddings(*first):
        layers = [*first, keras.layers.Embedding(5, 3), keras.layers.Flatten()]
        model = keras.Sequential([*layers, keras.layers.Dense(1)])
        model.compile(ScheduleFreeAdamW(0.01), "mse")
        model.fit(words, Y, verbose=0)

    fit_embeddings(keras.Input((1,)))
    if keras.backend.backend() != "tensorflow":
        return fit_embeddings()
    try:
        fit_embeddings()
    except ValueError as error:
        assert "build the model before it is trained" in str(error)
    else:
        raise AssertionError("there are no weights to start from")


def test_weights_to_evaluate_with():
    model = model_of(ScheduleFreeAdamW(0.05))
    seen = {}

    class Look(keras.callbacks.Callback):
        def on_test_batch_end(self, batch, logs=None):
            model_weights = self.model.trainable_variables
            seen["in"] = [np.array(ops.convert_to_numpy(v)) for v in model_weights]

    trained = fit(model)
    optimizer = model.optimizer
    index = range(len(trained))
    states = [np.array(ops.convert_to_numpy(optimizer.z[i])) for i in index]
    average = [
        (w - np.float32(0.1) * z) / np.float32(0.9) for w, z in zip(trained, states)
    ]
    with optimizer.evaluation_weights():
        close(weights_of(model), average, 1e-6)
        inside = model.evaluate(X, Y, verbose=0)
    close(weights_of(model), trained)
    callback = EvaluationWeights()
    by_callback = model.evaluate(X, Y, verbose=0, callbacks=[callback, Look()])
    assert abs(inside - by_callback) < 1e-6
    close(seen["in"], average, 1e-6)
    close(weights_of(model), trained)
    # Validation inside of training changes nothing of it.
    validated = model_of(ScheduleFreeAdamW(0.05))
    fit(validated, validation_data=(X, Y), callbacks=[EvaluationWeights()])
    close(weights_of(validated), trained)


def test_hidden_parameters():
    def hidden(variable):
        return "kernel" not in variable.path

    differs(train(Muon(0.1, hidden=hidden)), train(Muon(0.1)))


def test_random_numbers_rest_on_the_seed_and_the_step():
    close(train(SGLD(0.1, seed=1)), train(SGLD(0.1, seed=1)))
    differs(train(SGLD(0.1, seed=1)), train(SGLD(0.1, seed=2)))


def test_compiled():
    for kind in (Adam, Prodigy, ScheduleFreeAdamW):
        eager, compiled = model_of(kind(0.01)), model_of(kind(0.01))
        eager.compile(kind(0.01), "mse", run_eagerly=True)
        compiled.compile(kind(0.01), "mse", jit_compile=backend != "torch")
        close(fit(eager), fit(compiled), 1e-5)


def test_stateless():
    if backend != "jax":
        return
    own = variables()
    optimizer = Adam(0.01)
    optimizer.build(own)
    values, states = [v.value for v in own], [v.value for v in optimizer.variables]
    gradients = [ops.ones(v.shape) for v in own]
    after, states = optimizer.stateless_apply(states, gradients, values)
    optimizer.apply(gradients, own)
    close([np.asarray(x) for x in after], [ops.convert_to_numpy(v) for v in own])


def test_what_cannot_be_is_refused():
    refused(ValueError, "learning_rate is -1; it must be in (0, inf)", lambda: Adam(-1))
    refused(TypeError, "learning_rate must be a number", lambda: Adam("fast"))
    refused(ValueError, "beta1 is 1; it must be in [0, 1)", lambda: Adam(beta1=1))
    refused(ValueError, "not recognized", lambda: Adam(momentum=1))


failed = []
for name, case in list(globals().items()):
    if name.startswith("test_"):
        try:
            case()
            print(name)
        except Exception:
            failed.append(name)
            traceback.print_exc()
sys.exit(f"failed: {', '.join(failed)}" if failed else 0)
