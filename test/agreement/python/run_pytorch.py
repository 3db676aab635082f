"""Takes emitted optimizers of PyTorch through runs of given gradients."""

import torch
from protocol import answer_all, load, read, shown

torch.set_num_threads(1)


def states_of(optimizer, parameter):
    return {
        name: shown(value.detach().to(torch.float32))
        if isinstance(value, torch.Tensor)
        else value
        for name, value in optimizer.state[parameter].items()
    }


def run_states(optimizer):
    kept = {}
    for key, value in optimizer.param_groups[0].items():
        if key.startswith("run_"):
            kept[key[len("run_") :]] = float(value).hex()
    return kept


def run_with(case, **options):
    Class = getattr(load(case["path"]), case["name"])
    parameters = [
        torch.nn.Parameter(torch.from_numpy(read(each["start"], each["shape"])))
        for each in case["parameters"]
    ]

    def weights():
        return [shown(parameter.detach()) for parameter in parameters]

    optimizer = Class(parameters, **case["options"], **options)
    steps = []
    for t in range(case["steps"]):
        for parameter, each in zip(parameters, case["parameters"], strict=True):
            gradient = read(each["gradients"][t], each["shape"])
            parameter.grad = torch.from_numpy(gradient)
        optimizer.step()
        step = {
            "w": weights(),
            "states": [states_of(optimizer, parameter) for parameter in parameters],
            "run": run_states(optimizer),
        }
        if hasattr(optimizer, "eval"):
            optimizer.eval()
            step["evaluate"] = weights()
            optimizer.train()
            if weights() != step["w"]:
                raise AssertionError("train() does not give the trained weights back")
        steps.append(step)
    return steps


def run(case):
    steps = run_with(case)
    if getattr(load(case["path"]), case["name"]).takes_lists:
        if run_with(case, foreach=True) != steps:
            raise AssertionError("with foreach the numbers are others than without")
    return steps


answer_all(run)
