"""Emitted optimizers on several processes: ``check_distributed.py FOLDER [MODULE...]``.

Two processes on the processor train a model that is copied (DistributedDataParallel)
and one that is cut into shards (fully_shard), each on its half of every batch; weights
and states are those of one process that has both halves. Prints a line of JSON for
each class of the modules in the folder and each way to train.
"""

import importlib
import inspect
import json
import sys
import tempfile
import traceback
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_optimizer_state_dict,
    set_optimizer_state_dict,
)
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor
from torch.nn.parallel import DistributedDataParallel

PROCESSES = 2
STEPS = 4
BATCH = 8


def model(dtype=torch.float64):
    """One of its parameters has fewer rows than there are processes."""
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Linear(5, 7),
        torch.nn.Tanh(),
        torch.nn.Linear(7, 4),
        torch.nn.Tanh(),
        torch.nn.Linear(4, 1),
    ).to(dtype)


def train(net, optimizer, steps, ranks, first=0):
    """Steps on the parts of the batches that these processes have."""
    half = BATCH // PROCESSES
    dtype = next(net.parameters()).dtype
    for step in range(first, first + steps):
        random = torch.Generator().manual_seed(step)
        x, y = (torch.randn(BATCH, n, generator=random).to(dtype) for n in (5, 1))
        optimizer.zero_grad()
        for rank in ranks:
            rows = slice(rank * half, (rank + 1) * half)
            # The mean of gradients to the bit as it is across processes.
            ((net(x[rows]) - y[rows]) ** 2).mean().div(len(ranks)).backward()
        optimizer.step()


def whole(tensor):
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


def weights(net):
    return [whole(w.detach()).clone() for w in net.parameters()]


def states(net, optimizer):
    return [
        {
            name: whole(x).clone() if isinstance(x, torch.Tensor) else x
            for name, x in sorted(optimizer.state[w].items())
        }
        for w in net.parameters()
    ]


def evaluated(net, optimizer):
    if not hasattr(optimizer, "eval"):
        return []
    optimizer.eval()
    found = weights(net)
    optimizer.train()
    return found


def run(make, net, ranks):
    optimizer = make(net.parameters())
    train(net, optimizer, STEPS, ranks)
    return weights(net), states(net, optimizer), evaluated(net, optimizer)


def compare(actual, expected):
    for a, b in zip(actual[0] + actual[2], expected[0] + expected[2], strict=True):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-10)
    for own, wanted in zip(actual[1], expected[1], strict=True):
        assert own.keys() == wanted.keys(), (own.keys(), wanted.keys())
        for name, x in own.items():
            torch.testing.assert_close(x, wanted[name], rtol=1e-9, atol=1e-10)


def copied(make, ranks, expected):
    compare(run(make, DistributedDataParallel(model()), ranks), expected)


def sharded(make, ranks, expected):
    net = cut()
    optimizer = make(net.parameters())
    train(net, optimizer, 1, ranks)
    for w in net.parameters():
        for x in optimizer.state[w].values():
            if isinstance(x, torch.Tensor) and x.shape == w.shape and x.ndim > 0:
                assert isinstance(x, DTensor) and x.placements == w.placements
    compare(run(make, cut(), ranks), expected)


def short(make, ranks, expected):
    """Weights of 16 bits, which are updated in 32."""
    net = model(torch.bfloat16)
    optimizer = make(net.parameters())
    train(net, optimizer, STEPS, range(PROCESSES))
    other = cut(torch.bfloat16)
    second = make(other.parameters())
    train(other, second, STEPS, ranks)
    for w, v in zip(weights(other), weights(net), strict=True):
        torch.testing.assert_close(w, v, rtol=2e-2, atol=2e-2)
    for w in other.parameters():
        for x in second.state[w].values():
            assert not isinstance(x, torch.Tensor) or x.dtype == torch.float32


def cut(dtype=torch.float64):
    net = model(dtype)
    mesh = init_device_mesh("cpu", (PROCESSES,))
    for layer in net:
        fully_shard(layer, mesh=mesh)
    return fully_shard(net, mesh=mesh)


def saved(make, ranks, expected):
    """Half of the steps, then the rest in another model and optimizer."""
    # Where there are no states PyTorch takes a step with gradients of 0 to make some,
    # and refuses to broadcast what there is.
    if any(isinstance(x, torch.Tensor) for own in expected[1] for x in own.values()):
        goes_on(make, ranks, expected, is_whole=False)
        goes_on(make, ranks, expected, is_whole=True)


def goes_on(make, ranks, expected, is_whole):
    net = cut()
    optimizer = make(net.parameters())
    train(net, optimizer, STEPS // 2, ranks)
    options = StateDictOptions(full_state_dict=is_whole)
    kept = get_optimizer_state_dict(net, optimizer, options=options)
    other = cut()
    with torch.no_grad():
        for w, v in zip(other.parameters(), net.parameters(), strict=True):
            w.copy_(v)
    second = make(other.parameters())
    if is_whole:
        kept = kept if dist.get_rank() == 0 else {}
        options = StateDictOptions(full_state_dict=True, broadcast_from_rank0=True)
    set_optimizer_state_dict(other, second, kept, options=options)
    train(other, second, STEPS - STEPS // 2, ranks, first=STEPS // 2)
    found = weights(other), states(other, second), evaluated(other, second)
    compare(found, expected)


WAYS = {"copied": copied, "sharded": sharded, "saved": saved, "short": short}


def classes(folder, chosen):
    for path in sorted(Path(folder).glob("*.py")):
        if chosen and path.stem not in chosen:
            continue
        module = importlib.import_module(path.stem)
        for name in module.__all__:
            found = getattr(module, name)
            if inspect.isclass(found):
                yield f"{path.stem}.{name}", found


def work(rank, folder, chosen, meeting):
    sys.path.insert(0, folder)
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo",
        init_method=f"file://{meeting}",
        rank=rank,
        world_size=PROCESSES,
        timeout=timedelta(seconds=60),
    )
    everyone = list(range(PROCESSES))
    for name, Class in classes(folder, chosen):

        def make(params, Class=Class):
            return Class(params, total_steps=STEPS)

        try:
            expected = run(make, model(), everyone)
        except Exception:
            expected = None
            print(
                json.dumps(
                    {"name": name, "way": "one", "error": traceback.format_exc()}
                )
            )
        for way, check in WAYS.items() if expected else ():
            answer = {"name": name, "way": way, "error": None}
            try:
                check(make, [rank], expected)
            except Exception:
                answer["error"] = traceback.format_exc()
            errors = [None] * PROCESSES
            dist.all_gather_object(errors, answer["error"])
            answer["error"] = next((each for each in errors if each), None)
            if rank == 0:
                print(json.dumps(answer), flush=True)
    dist.destroy_process_group()


def main():
    folder, *chosen = sys.argv[1:]
    with tempfile.TemporaryDirectory() as temporary:
        meeting = Path(temporary) / "meeting"
        mp.spawn(work, (folder, chosen, str(meeting)), PROCESSES)


if __name__ == "__main__":
    main()
