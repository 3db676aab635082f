"""Takes emitted optimizers through runs of given gradients: ``run_cases.py CASES ANSWERS``.

Numbers of 32 bits travel as bytes in base64, so that NaN, zeros and infinities are what
they are; those of 64 bits as their hexadecimal text.
"""

import base64
import importlib.util
import json
import sys
import traceback
from pathlib import Path

import numpy as np
import torch

torch.set_num_threads(1)


def read(text, shape):
    numbers = np.frombuffer(base64.b64decode(text), dtype="<f4").copy()
    return torch.from_numpy(numbers).reshape(shape)


def shown(tensor):
    numbers = tensor.detach().to(torch.float32).contiguous().reshape(-1).numpy()
    return base64.b64encode(numbers.astype("<f4").tobytes()).decode()


def load(path):
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def states_of(optimizer, parameter):
    return {
        name: shown(value) if isinstance(value, torch.Tensor) else value
        for name, value in optimizer.state[parameter].items()
    }


def run_states(optimizer):
    kept = {}
    for key, value in optimizer.param_groups[0].items():
        if key.startswith("run_"):
            kept[key[len("run_") :]] = float(value).hex()
    return kept


def run(case, **options):
    Class = getattr(load(case["path"]), case["name"])
    parameters = [
        torch.nn.Parameter(read(each["start"], each["shape"]))
        for each in case["parameters"]
    ]
    optimizer = Class(parameters, **case["options"], **options)
    steps = []
    for t in range(case["steps"]):
        for parameter, each in zip(parameters, case["parameters"], strict=True):
            gradient = each["gradients"][t]
            parameter.grad = None if gradient is None else read(gradient, each["shape"])
        optimizer.step()
        step = {
            "w": [shown(parameter) for parameter in parameters],
            "states": [states_of(optimizer, parameter) for parameter in parameters],
            "run": run_states(optimizer),
        }
        if hasattr(optimizer, "eval"):
            optimizer.eval()
            step["evaluate"] = [shown(parameter) for parameter in parameters]
            optimizer.train()
            if [shown(parameter) for parameter in parameters] != step["w"]:
                raise AssertionError("train() does not give the trained weights back")
        steps.append(step)
    return steps


def answer(case):
    try:
        steps = run(case)
        if getattr(load(case["path"]), case["name"]).takes_lists:
            at_once = run(case, foreach=True)
            if at_once != steps:
                return {"error": "with foreach the numbers are others than without"}
        return {"steps": steps}
    except Exception:
        return {"error": traceback.format_exc()}


def call_functions(case):
    module = load(case["path"])
    return {
        name: [float(getattr(module, name)(*given)).hex() for given in calls]
        for name, calls in case["functions"].items()
    }


def main():
    cases = json.loads(Path(sys.argv[1]).read_text())
    answers = [
        call_functions(case) if "functions" in case else answer(case) for case in cases
    ]
    Path(sys.argv[2]).write_text(json.dumps(answers))


main()
