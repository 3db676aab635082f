"""What emitted optimizers do beside arithmetic: ``check_behaviour.py FOLDER KIND``.

Each function that begins with KIND is a case: ``test``, or ``compiled`` for what
waits for a compiler. The folder holds the modules.
"""

import copy
import io
import shutil
import sys
import warnings
from pathlib import Path
from types import ModuleType

import torch
import torch._dynamo

sys.path.insert(0, sys.argv[1])

from adam import Adam
from muon import Muon
from prodigy import Prodigy
from schedule_free_adamw import ScheduleFreeAdamW
from schedules import cosine_after, cosine_after_scheduler
from sgd import SGD
from sgld import SGLD

EXPECTED = {"test": 12, "compiled": 1}


def model(seed=0, dtype=torch.float32):
    torch.manual_seed(seed)
    return torch.nn.Sequential(
        torch.nn.Linear(5, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3)
    ).to(dtype)


def train(net, optimizer, steps, first=0, scheduler=None):
    dtype = next(net.parameters()).dtype
    for step in range(first, first + steps):
        random = torch.Generator().manual_seed(step)
        x = torch.randn(16, 5, generator=random).to(dtype)
        y = torch.randn(16, 3, generator=random).to(dtype)
        optimizer.zero_grad()
        ((net(x) - y) ** 2).mean().backward()
        optimizer.step()
        if scheduler is not None:
            scheduler.step()


def weights(net):
    return [w.detach().clone() for w in net.parameters()]


def same(a, b):
    return all(torch.equal(x, y) for x, y in zip(a, b, strict=True))


def refused(error, sentence, work):
    try:
        work()
    except error as raised:
        assert sentence in str(raised), raised
    else:
        raise AssertionError(f"nothing was said: {sentence}")


def saved(optimizer):
    buffer = io.BytesIO()
    torch.save(optimizer.state_dict(), buffer)
    buffer.seek(0)
    return torch.load(buffer, weights_only=True)


def test_adam_is_that_of_pytorch():
    ours, theirs = model(), model()
    train(ours, Adam(ours.parameters(), lr=0.01), 20)
    train(theirs, torch.optim.Adam(theirs.parameters(), lr=0.01), 20)
    # It interpolates where the rule adds: the last bits differ.
    for a, b in zip(weights(ours), weights(theirs), strict=True):
        torch.testing.assert_close(a, b)


def test_goes_on_where_it_was_saved():
    for Class, options in (
        (Adam, {}),
        (Adam, {"lr": lambda t, T: 0.01 * (1 - t / T), "total_steps": 30}),
        (Muon, {}),
        (Prodigy, {}),
        (ScheduleFreeAdamW, {"lr": 0.01}),
        (SGLD, {"seed": 3}),
    ):
        for dtype in (torch.float32, torch.bfloat16):
            whole = model(dtype=dtype)
            train(whole, Class(whole.parameters(), **options), 8)
            first = model(dtype=dtype)
            optimizer = Class(first.parameters(), **options)
            train(first, optimizer, 5)
            other = model(1, dtype)
            other.load_state_dict(first.state_dict())
            second = Class(other.parameters(), **options)
            second.load_state_dict(saved(optimizer))
            train(other, second, 3, first=5)
            assert same(weights(whole), weights(other)), (Class, dtype)
            # What was saved belongs to nobody.
            train(first, copy.deepcopy(optimizer), 1)


def test_groups_have_values_of_their_own():
    net = model()
    before = weights(net)
    groups = [
        {"params": net[0].parameters(), "lr": 0.0},
        {"params": net[2].parameters()},
    ]
    refused(ValueError, "lr is 0; it must be in (0, inf)", lambda: SGD(groups, lr=1.0))
    groups[0] = {"params": net[0].parameters(), "lr": lambda t, T: 0.0}
    groups[1] = {"params": net[2].parameters(), "lr": torch.tensor(0.5)}
    train(net, SGD(groups, lr=1.0), 1)
    after = weights(net)
    assert same(before[:2], after[:2])
    assert not same(before[2:], after[2:])


def test_functions_of_the_steps_and_schedulers_are_the_same():
    by_function, by_scheduler, by_hand = model(), model(), model()
    rate = lambda t, T: 0.1 * cosine_after(t, T, 3)  # noqa: E731
    train(by_function, SGD(by_function.parameters(), lr=rate, total_steps=10), 10)
    optimizer = SGD(by_scheduler.parameters(), lr=0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scheduler = cosine_after_scheduler(optimizer, 10, start=3)
        train(by_scheduler, optimizer, 10, scheduler=scheduler)
    assert same(weights(by_function), weights(by_scheduler))
    optimizer = SGD(by_hand.parameters(), lr=torch.tensor(1.0))
    for t in range(10):
        optimizer.param_groups[0]["lr"].fill_(rate(t, 10))
        train(by_hand, optimizer, 1, first=t)
    for a, b in zip(weights(by_function), weights(by_hand), strict=True):
        torch.testing.assert_close(a, b)
    missing = SGD(by_hand.parameters(), lr=rate)
    refused(ValueError, "give total_steps", lambda: train(by_hand, missing, 1))


def test_closures():
    net = model()
    optimizer = Adam(net.parameters())

    def closure():
        optimizer.zero_grad()
        loss = net(torch.ones(2, 5)).square().mean()
        loss.backward()
        return loss

    losses = [optimizer.step(closure).item() for _ in range(5)]
    assert losses[-1] < losses[0]


def test_what_is_refused_and_what_is_left_out():
    table = torch.nn.Embedding(4, 2, sparse=True)
    table(torch.tensor([1])).sum().backward()
    optimizer = Adam(table.parameters())
    refused(RuntimeError, "sparse=False", optimizer.step)
    number = torch.nn.Parameter(torch.ones(2, dtype=torch.complex64))
    refused(TypeError, "no complex parameters", lambda: Adam([number]))
    refused(
        TypeError, "lr must be a number", lambda: Adam(model().parameters(), lr="1")
    )
    refused(TypeError, "not one", lambda: Adam(model().parameters(), lr=torch.ones(2)))
    net = model()
    optimizer = Adam(net.parameters())
    optimizer.step()
    assert not optimizer.state[net[0].weight]
    net[0](torch.ones(1, 5)).sum().backward()
    before = weights(net)
    optimizer.step()
    assert same(before[2:], weights(net)[2:])
    assert not same(before[:2], weights(net)[:2])
    empty = torch.nn.Parameter(torch.ones(0, 3))
    empty.grad = torch.ones(0, 3)
    Adam([empty]).step()


def test_maximize_is_the_gradient_of_the_other_sign():
    up, down = model(), model()
    for net, sign in ((up, 1), (down, -1)):
        for w in net.parameters():
            w.grad = sign * torch.ones_like(w)
    Adam(up.parameters(), maximize=True).step()
    Adam(down.parameters()).step()
    assert same(weights(up), weights(down))


def test_states_of_short_weights_are_long():
    net = model(dtype=torch.bfloat16)
    optimizer = Adam(net.parameters())
    train(net, optimizer, 3)
    for w in net.parameters():
        assert w.dtype == torch.bfloat16
        assert optimizer.state[w]["m"].dtype == torch.float32
        assert optimizer.state[w]["m"].shape == w.shape


def test_stochastic_rounding_keeps_small_updates_in_the_mean():
    w = torch.nn.Parameter(torch.ones(4000, dtype=torch.bfloat16))
    optimizer = SGD([w], lr=2.0**-13, stochastic_rounding=True)
    torch.manual_seed(0)
    for _ in range(16):
        w.grad = torch.ones_like(w)
        optimizer.step()
    assert abs(w.float().mean().item() - (1 - 2.0**-9)) < 2.0**-12
    w = torch.nn.Parameter(torch.ones(4, dtype=torch.bfloat16))
    w.grad = torch.ones_like(w)
    SGD([w], lr=2.0**-13).step()
    assert bool((w == 1).all())


def test_weights_to_evaluate_with():
    net = model()
    optimizer = ScheduleFreeAdamW(net.parameters(), lr=0.01)
    optimizer.eval()
    optimizer.train()
    train(net, optimizer, 5)
    trained = weights(net)
    optimizer.eval()
    evaluated = weights(net)
    assert not same(trained, evaluated)
    optimizer.eval()
    assert same(evaluated, weights(net))
    refused(RuntimeError, "call train()", optimizer.step)
    other = model(1)
    other.load_state_dict(net.state_dict())
    loaded = ScheduleFreeAdamW(other.parameters(), lr=0.01)
    loaded.load_state_dict(saved(optimizer))
    loaded.train()
    assert same(trained, weights(other))
    optimizer.train()
    assert same(trained, weights(net))


def compiled_steps_are_not_compiled_anew_for_other_numbers():
    if shutil.which("c++") is None:
        print("not tested: there is no C++ compiler for torch.compile")
        return
    by_hand, compiled = model(), model()
    expected = Adam(by_hand.parameters(), lr=0.1, foreach=False)
    optimizer = Adam(compiled.parameters(), lr=0.1)
    step = torch.compile(optimizer.step)
    graphs = []
    for t in range(4):
        for w, v in zip(by_hand.parameters(), compiled.parameters(), strict=True):
            w.grad = torch.full_like(w, 1.0 - t)
            v.grad = w.grad.clone()
        for each in (expected, optimizer):
            each.param_groups[0]["lr"] = 0.1 / (t + 1)
        expected.step()
        step()
        graphs.append(torch._dynamo.utils.counters["stats"]["unique_graphs"])
    assert graphs == [1, 1, 1, 1], graphs
    for a, b in zip(weights(by_hand), weights(compiled), strict=True):
        torch.testing.assert_close(a, b)


def test_hidden_parameters_are_chosen_by_name():
    all_hidden, some = model(), model()
    train(all_hidden, Muon(all_hidden.parameters()), 2)
    named = Muon(
        some.named_parameters(), hidden=lambda name, w: not name.startswith("2.")
    )
    train(some, named, 2)
    assert set(named.state[some[0].weight]) == {"m"}
    assert "m" not in named.state[some[2].weight]
    assert not torch.equal(all_hidden[2].weight, some[2].weight)


def test_modules_are_loaded_whatever_the_default_device_is():
    source = Path(sys.argv[1], "adam.py").read_text()
    loaded = ModuleType("adam_elsewhere")
    sys.modules[loaded.__name__] = loaded
    with torch.device("meta"):
        exec(compile(source, "adam.py", "exec"), loaded.__dict__)
    usual, other = model(), model()
    train(usual, Adam(usual.parameters(), weight_decay=0.1), 3)
    train(other, loaded.Adam(other.parameters(), weight_decay=0.1), 3)
    assert same(weights(usual), weights(other))


def main():
    kind = sys.argv[2]
    cases = [each for name, each in globals().items() if name.startswith(f"{kind}_")]
    assert len(cases) == EXPECTED[kind], len(cases)
    for case in cases:
        case()
        print(case.__name__)


main()
