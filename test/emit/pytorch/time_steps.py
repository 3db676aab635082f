"""How long steps take: ``time_steps.py FOLDER [DEVICE]``, for modules in the folder.

Compiled from the library: ``optc compile std/adam std/adamw std/sgd std/rmsprop std/nadam
--target pytorch --out FOLDER``. A million parameters of a network with four layers, one
thread. In turns, so that a busy machine slows all of them; of each the best quarter.
"""

import sys
import time

import torch

sys.path.insert(0, sys.argv[1])
DEVICE = sys.argv[2] if len(sys.argv) > 2 else "cpu"
SHAPES = [
    (784, 512),
    (512,),
    (512, 512),
    (512,),
    (512, 512),
    (512,),
    (512, 128),
    (128,),
]
TURNS = 60


def parameters():
    torch.manual_seed(0)
    made = [torch.nn.Parameter(torch.randn(shape, device=DEVICE)) for shape in SHAPES]
    for parameter in made:
        parameter.grad = torch.randn_like(parameter)
    return made


def seconds(step):
    if DEVICE != "cpu":
        torch.cuda.synchronize()
        begin = time.perf_counter()
        for _ in range(10):
            step()
        torch.cuda.synchronize()
        return (time.perf_counter() - begin) / 10
    # Of this thread: others on the machine do not count.
    begin = time.thread_time()
    step()
    return time.thread_time() - begin


def compare(title, steps):
    for step in steps.values():
        for _ in range(5):
            step()
    times = {name: [] for name in steps}
    for _ in range(TURNS):
        for name, step in steps.items():
            times[name].append(seconds(step))
    best = {name: sorted(each)[TURNS // 4] for name, each in times.items()}
    first, *_, last = best.values()
    shown = ", ".join(f"{name} {1000 * each:.3f} ms" for name, each in best.items())
    print(f"{title}: {shown}; ratio {first / last:.2f}", flush=True)


def main():
    torch.set_num_threads(1)
    from adam import Adam
    from adamw import AdamW
    from rmsprop import RMSProp
    from sgd import SGD

    for ours, theirs, options in (
        (Adam, torch.optim.Adam, {}),
        (AdamW, torch.optim.AdamW, {}),
        (SGD, torch.optim.SGD, {"lr": 0.01}),
        (RMSProp, torch.optim.RMSprop, {}),
    ):
        compare(
            f"{ours.__name__}, many tensors at once",
            {
                "emitted": ours(parameters(), **options).step,
                "torch.optim": theirs(parameters(), foreach=True, **options).step,
            },
        )
    compare(
        "Adam, compiled",
        {
            "emitted": torch.compile(Adam(parameters()).step),
            "fused": torch.optim.Adam(parameters(), fused=True).step,
        },
    )


if __name__ == "__main__":
    main()
