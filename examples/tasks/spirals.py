"""Two spirals, told apart by a small network of PyTorch."""

import math

import torch
from torch import nn

steps = 400
metric = {"name": "accuracy", "better": "larger", "unit": "share"}


def spirals(count, generator):
    """Points of both spirals in turn, [count, 2], and which one each is on, [count]."""
    which = torch.arange(count) % 2
    turn = 2.5 * math.pi * torch.rand(count, generator=generator).sqrt()
    angle = turn + math.pi * which
    points = torch.stack([turn * angle.cos(), turn * angle.sin()], dim=1) / 4
    return points + 0.08 * torch.randn(count, 2, generator=generator), which


drawn = torch.Generator().manual_seed(1)
data = {part: spirals(1024, drawn) for part in ("train", "validation", "test")}


def start(run):
    units = round(32 * run.width)
    model = nn.Sequential(
        nn.Linear(2, units),
        nn.Tanh(),
        nn.Linear(units, units),
        nn.Tanh(),
        nn.Linear(units, 2),
    )
    model.to(run.device)
    here = {
        part: (points.to(run.device), which.to(run.device))
        for part, (points, which) in data.items()
    }

    def batch(step):
        rows = torch.randint(1024, (run.batch_size,)).to(run.device)
        return tuple(each[rows] for each in here["train"])

    def loss(batch):
        points, which = batch
        return nn.functional.cross_entropy(model(points), which)

    def evaluate(part):
        points, which = here[part]
        right = model(points).argmax(dim=1) == which
        return {"loss": loss(here[part]), "metric": right.float().mean()}

    return {"parameters": model, "loss": loss, "batch": batch, "evaluate": evaluate}
