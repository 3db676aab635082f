"""Takes steps of PyTorch's optimizers for `optc bench kernels`, on one thread of the processor.

Reads JSON from standard input, a line a request, and answers each with a line:
  {"make": "a", "rule": "adam", "form": "fused", "shapes": [[1000], ...]}   {"made": "a"}
  {"time": "a", "steps": 100}                                              {"seconds": 1e-5}   (of one step)
  {"drop": "a"}                                                            {"dropped": "a"}
The first line it writes says which version this is and which forms there are: {"version": "2.15.0", "forms": {"adam": ["loop", ...]}}.
Ends with its standard input.
"""

import inspect
import json
import sys
import time

import torch

torch.set_num_threads(1)

# What PyTorch calls the rules of the library, and what tells them apart.
RULES = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "adam": ("Adam", {}),
    "amsgrad": ("Adam", {"amsgrad": True}),
    "adamw": ("AdamW", {}),
    "nadam": ("NAdam", {}),
    "radam": ("RAdam", {}),
    "adamax": ("Adamax", {}),
    "rmsprop": ("RMSprop", {}),
    "adagrad": ("Adagrad", {}),
    "adadelta": ("Adadelta", {}),
    "rprop": ("Rprop", {}),
    "adafactor": ("Adafactor", {}),
    "muon": ("Muon", {}),
}
FORMS = {"loop": {"foreach": False}, "foreach": {"foreach": True}, "fused": {"fused": True}}


def forms_of(rule):
    """The forms that this version has of a rule; one that cannot choose has its loop only."""
    of = getattr(torch.optim, RULES[rule][0], None)
    if of is None:
        return []
    known = inspect.signature(of).parameters
    return [form for form, asked in FORMS.items() if form == "loop" or set(asked) <= set(known)]


def make(rule, form, shapes):
    name, settings = RULES[rule]
    of = getattr(torch.optim, name)
    known = inspect.signature(of).parameters
    asked = {key: value for key, value in FORMS[form].items() if key in known}
    weights = []
    for shape in shapes:
        w = torch.nn.Parameter(torch.rand(shape) * 2 - 1)
        w.grad = torch.rand(shape) * 2 - 1
        weights.append(w)
    return of(weights, lr=1e-3, **settings, **asked)


def timed(optimizer, steps):
    before = time.perf_counter()
    for _ in range(steps):
        optimizer.step()
    return (time.perf_counter() - before) / steps


def answer(line):
    print(json.dumps(line), flush=True)


answer({"version": torch.__version__, "forms": {rule: forms_of(rule) for rule in RULES}})
made = {}
for request in map(json.loads, sys.stdin):
    try:
        if "make" in request:
            made[request["make"]] = make(request["rule"], request["form"], request["shapes"])
            answer({"made": request["make"]})
        elif "time" in request:
            answer({"seconds": timed(made[request["time"]], request["steps"])})
        else:
            del made[request["drop"]]
            answer({"dropped": request["drop"]})
    except Exception as error:
        answer({"error": f"{type(error).__name__}: {error}"})
