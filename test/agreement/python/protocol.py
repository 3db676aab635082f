"""How tests ask Python, and are answered: ``RUNNER QUESTIONS ANSWERS`` are paths of JSON.

Numbers of 32 bits travel as bytes in base64, so that NaN, zeros and infinities are what
they are; those of 64 bits as their hexadecimal text.
"""

import base64
import functools
import importlib.util
import json
import sys
import traceback
from pathlib import Path

import numpy as np


def read(text, shape):
    numbers = np.frombuffer(base64.b64decode(text), dtype="<f4").copy()
    return numbers.reshape(shape)


def shown(array):
    array = np.asarray(array)
    assert array.dtype == np.float32, array.dtype
    return base64.b64encode(array.astype("<f4").tobytes()).decode()


@functools.cache
def load(path):
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def values_of(question):
    """What functions of a module give, by name."""
    module = load(question["path"])
    return {
        name: [float(getattr(module, name)(*given)).hex() for given in calls]
        for name, calls in question["functions"].items()
    }


def answer_all(run):
    """Answers every question; ``run`` takes the optimizer of a case through its steps."""

    def answer(question):
        try:
            if "functions" in question:
                return {"values": values_of(question)}
            return {"steps": run(question)}
        except Exception:
            return {"error": traceback.format_exc()}

    questions = json.loads(Path(sys.argv[1]).read_text())
    Path(sys.argv[2]).write_text(json.dumps([answer(each) for each in questions]))
