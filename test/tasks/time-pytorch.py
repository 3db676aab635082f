"""Times training steps of the tasks' networks in PyTorch, on one core and without their data:
python3 test/tasks/time-pytorch.py [SECONDS]

`optc bench training` has what they are compared with; both belong into one run. Prints the median of the steps' times and the
processor time of a step, which other processes disturb less."""

import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(1)
torch.manual_seed(0)


def perceptron():
    return nn.Sequential(nn.Flatten(), nn.Linear(196, 128), nn.ReLU(), nn.Linear(128, 10))


def block(inputs, outputs, stride):
    convolution = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
    return [convolution, nn.BatchNorm2d(outputs, eps=1e-3), nn.SiLU()]


def convolutional(channels, base):
    return nn.Sequential(
        *block(channels, base, 1),
        *block(base, 2 * base, 2),
        *block(2 * base, 4 * base, 2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Dropout(0.2),
        nn.Linear(4 * base, 10),
    )


TASKS = {
    "fashion14-mlp": (perceptron, (64, 1, 14, 14)),
    "fashion14-cnn": (lambda: convolutional(1, 8), (64, 1, 14, 14)),
    "cifar10, base 32, batch 128": (lambda: convolutional(3, 32), (128, 3, 32, 32)),
}


def steps(network, shape):
    model = network()
    images = torch.randn(shape)
    labels = torch.randint(0, 10, (shape[0],))
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True)
    while True:
        optimizer.zero_grad()
        functional.cross_entropy(model(images), labels).backward()
        optimizer.step()
        yield


seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3
for name, (network, shape) in TASKS.items():
    taken = steps(network, shape)
    for _ in range(3):
        next(taken)
    times = []
    processor = time.process_time()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        before = time.perf_counter()
        next(taken)
        times.append(time.perf_counter() - before)
    processor = (time.process_time() - processor) / len(times)
    median = statistics.median(times)
    print(
        f"{name}: {1 / median:.1f} steps/s, {1e3 * median:.3f} ms, processor {1e3 * processor:.3f} ms"
    )
