"""Two spirals, told apart by a small network in PyTorch."""

import math

import torch
from torch import nn

steps = 400
batch_size = 64
metric = {"name": "accuracy", "better": "larger", "unit": "share"}


def spirals(count, generator):
    """Points of both spirals in turn, [count, 2], and which one each is on, [count]."""
    which = torch.arange(count) % 2
    turn = 2.5 * math.pi * torch.rand(count, generator=generator).sqrt()
    angle = turn + math.pi * which
    points = torch.stack([turn * angle.cos(), turn * angle.sin()], dim=1) / 4
    return points + 0.08 * torch.randn(count, 2, generator=generator), which


# The same data in every run; weights and batches follow from the run's seed.
drawn = torch.Generator().manual_seed(1)
data = {part: spirals(count, drawn) for part, count in [("train", 1024), ("validation", 512), ("test", 512)]}


def start(run):
    here = {part: (x.to(run.device), y.to(run.device)) for part, (x, y) in data.items()}
    units = round(32 * run.width)
    model = nn.Sequential(nn.Linear(2, units), nn.Tanh(), nn.Linear(units, units), nn.Tanh(), nn.Linear(units, 2))
    model.to(run.device)

    def batch(step):
        rows = torch.randint(len(here["train"][0]), (run.batch_size,)).to(run.device)
        return here["train"][0][rows], here["train"][1][rows]

    def loss(batch):
        points, which = batch
        return nn.functional.cross_entropy(model(points), which)

    def evaluate(part):
        points, which = here[part]
        told = model(points)
        right = (told.argmax(dim=1) == which).float().mean()
        return {"loss": nn.functional.cross_entropy(told, which), "metric": right}

    return {"parameters": model, "loss": loss, "batch": batch, "evaluate": evaluate}
