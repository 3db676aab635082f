"""Takes emitted optimizers of Keras through runs of gradients: ``run_cases(BACKEND)``.

The paths of the cases and of the answers are the arguments of the program. Numbers of
32 bits travel as bytes in base64, so that NaN, zeros and infinities are what they are;
those of 64 bits as their hexadecimal text.
"""

import base64
import importlib.util
import inspect
import json
import os
import sys
import traceback
from pathlib import Path


def load(path):
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def run_cases(backend):
    os.environ["KERAS_BACKEND"] = backend
    os.environ["JAX_ENABLE_X64"] = "1"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""

    import keras
    import numpy as np

    def read(text, shape):
        numbers = np.frombuffer(base64.b64decode(text), dtype="<f4")
        return numbers.reshape(shape)

    def shown(variable):
        array = keras.ops.convert_to_numpy(variable)
        assert array.dtype == np.float32, array.dtype
        return base64.b64encode(array.astype("<f4").tobytes()).decode()

    def states_of(optimizer, variables):
        """The states of each variable, and the numbers of the run."""
        own = [{} for _ in variables]
        run = {}
        base = set(vars(keras.optimizers.SGD()))
        for field, value in vars(optimizer).items():
            # Names that Python or its linters refuse have an underscore behind them.
            name = field.rstrip("_")
            if field in base or field.startswith("_") or field == "of_hidden":
                continue
            if isinstance(value, (list, tuple)):
                for states, state in zip(own, value, strict=True):
                    if state is not None and "int" not in str(state.dtype):
                        states[name] = shown(state)
            elif isinstance(value, keras.Variable):
                run[name] = float(value).hex()
        return own, run

    def run(case):
        module = load(case["path"])
        make = getattr(module, case["name"])
        takes = inspect.signature(make).parameters
        given = {key: x for key, x in case["options"].items() if key in takes}
        optimizer = make(**given)
        variables = [
            keras.Variable(read(each["start"], each["shape"]), dtype="float32")
            for each in case["parameters"]
        ]
        optimizer.build(variables)
        steps = []
        for t in range(case["steps"]):
            gradients = [
                keras.ops.convert_to_tensor(read(each["gradients"][t], each["shape"]))
                for each in case["parameters"]
            ]
            optimizer.apply(gradients, variables)
            own, numbers = states_of(optimizer, variables)
            found = {"w": [shown(v) for v in variables], "states": own, "run": numbers}
            if hasattr(optimizer, "evaluated"):
                found["evaluate"] = [shown(optimizer.evaluated(v)) for v in variables]
            steps.append(found)
        return steps

    def answer(case):
        try:
            return {"steps": run(case)}
        except Exception:
            return {"error": traceback.format_exc()}

    cases = json.loads(Path(sys.argv[1]).read_text())
    Path(sys.argv[2]).write_text(json.dumps([answer(case) for case in cases]))
