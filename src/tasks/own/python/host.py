"""Trains a task in Python for optc, with rules that are compiled to PyTorch: ``host.py TASK``.

Reads JSON from standard input, a line a request, and answers each with a line: what was asked
for, or ``{"error": {...}}``. What the task prints goes to standard error. Ends with its
standard input, whatever it is doing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import json
import linecache
import math
import os
import queue
import random
import signal
import sys
import sysconfig
import threading
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

# Read when the library is first used.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

TASK = Path(sys.argv[1]).resolve()
FOLDER = TASK.parent
# An interpreter may lie in the folder of a task, too: below the home folder, for one.
INSTALLED = {
    Path(sysconfig.get_path(kind)) for kind in ("stdlib", "purelib", "platlib")
} | {Path(os.__file__).parent}
PARTS = ("validation", "test")
OF_RUN = ("parameters", "loss", "batch", "evaluate", "hidden")
MOST_LINES = 40


class Fault(Exception):
    """What is wrong with a task, told without a traceback: the one who wrote it knows the line."""

    def __init__(self, problem: str, help: str | None = None) -> None:
        super().__init__(problem)
        self.help = help


@dataclass(frozen=True)
class Start:
    """What `start` is given.

    Attributes:
        seed: Follows from the run's seed. Python's `random`, NumPy and PyTorch are seeded with it.
        device: Where the model and its data belong.
        batch_size: Examples that a batch should have.
        width: How many times as wide as usual a model should be; 1 except on the rungs of a ladder.
    """

    seed: int
    device: Any
    batch_size: int
    width: float


# Places


def is_own(name: str) -> bool:
    """Whether a file belongs to the task, not to what is installed, which may lie below its folder."""
    path = Path(name)
    return (
        path.is_absolute()
        and FOLDER in path.parents
        and "site-packages" not in path.parts
        and not any(each in path.parents for each in INSTALLED)
    )


def shown(name: str) -> str:
    """A path as people know it."""
    try:
        return Path(name).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(name)


def place_of(error: BaseException) -> str:
    """Where in the task an error comes from."""
    if isinstance(error, SyntaxError) and error.filename and is_own(error.filename):
        return f"{shown(error.filename)}:{error.lineno}"
    own = [
        each
        for each in traceback.extract_tb(error.__traceback__)
        if is_own(each.filename)
    ]
    return f"{shown(own[-1].filename)}:{own[-1].lineno}" if own else shown(str(TASK))


def is_before(name: str) -> bool:
    """Whether a frame only leads to the task."""
    return name == __file__ or name.startswith("<frozen importlib")


def traceback_of(error: BaseException) -> str:
    """The frames from the task's or the rule's on."""
    trace = error.__traceback__
    while trace is not None and is_before(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    lines = (
        "".join(traceback.format_exception(type(error), error, trace))
        .rstrip()
        .split("\n")
    )
    if len(lines) > MOST_LINES:
        half = MOST_LINES // 2
        lines = [*lines[:half], "  ...", *lines[-half:]]
    return "\n".join(lines)


def described(error: BaseException, when: str, steps: int) -> dict[str, Any]:
    """An error as an answer."""
    if isinstance(error, Fault):
        return {
            "message": f"{shown(str(TASK))}: {error}{when}",
            "steps": steps,
            "help": error.help,
        }
    first = (error.msg if isinstance(error, SyntaxError) else str(error)).split(
        "\n", 1
    )[0]
    kind = type(error).__name__
    message = f"{place_of(error)}: {kind}{f': {first}' if first else ''}{when}"
    return {"message": message, "steps": steps, "traceback": traceback_of(error)}


# The task


def load_task() -> ModuleType:
    """Runs the module of the task, which may import what lies beside it."""
    sys.path.insert(0, str(FOLDER))
    # What is written beside a task would be left there.
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location(TASK.stem, TASK)
    if spec is None or spec.loader is None:
        raise Fault("it is no module of Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[TASK.stem] = module
    spec.loader.exec_module(module)
    return module


def describe(module: ModuleType) -> dict[str, Any]:
    """What the task is called, how it is run, and what it was read from."""
    import torch

    if not callable(getattr(module, "start", None)):
        raise Fault("it has no function `start`", "a task is `def start(run): ...`")
    summary = (inspect.getdoc(module) or "").strip().split("\n", 1)[0]
    told = {
        name: getattr(module, name)
        for name in ("name", "steps", "batch_size", "metric", "files", "memory")
        if hasattr(module, name)
    }
    files = {
        getattr(each, "__file__", None) or ""
        for each in list(sys.modules.values())
        if isinstance(each, ModuleType)
    }
    devices = ["cpu"]
    if torch.cuda.is_available():
        devices.append("cuda")
    if (
        getattr(torch.backends, "mps", None) is not None
        and torch.backends.mps.is_available()
    ):
        devices.append("mps")
    return {
        "told": {**({"summary": summary} if summary else {}), **told},
        "modules": sorted(name for name in files if is_own(name)),
        "version": torch.__version__,
        "devices": devices,
    }


def seed_all(seed: int) -> None:
    """Everything that is drawn from in Python."""
    import torch

    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    torch.manual_seed(seed)


def named_parameters(given: Any) -> list[tuple[str, Any]]:
    """The parameters with their names; those that are only listed have none."""
    import torch

    if isinstance(given, torch.nn.Module):
        given = given.named_parameters()
    elif isinstance(given, torch.Tensor):
        given = [given]
    try:
        listed = [each if isinstance(each, tuple) else ("", each) for each in given]
    except TypeError:
        raise Fault(
            f"`parameters` is {type(given).__name__}; expected tensors or a module"
        ) from None
    found = [
        (name, each) for name, each in listed if getattr(each, "requires_grad", True)
    ]
    if not found:
        raise Fault("`parameters` has nothing that can be trained")
    seen = set()
    for place, (_, each) in enumerate(found):
        if not isinstance(each, torch.Tensor):
            raise Fault(
                f"parameters[{place}] is {type(each).__name__}; expected a tensor"
            )
        if not each.is_leaf:
            raise Fault(
                f"parameters[{place}] is computed from others; expected a leaf of the graph"
            )
        if not each.is_floating_point():
            raise Fault(
                f"parameters[{place}] is of the type {each.dtype}; expected real numbers"
            )
        if id(each) in seen:
            raise Fault(f"parameters[{place}] is there twice")
        seen.add(id(each))
    return found


class Run:
    """One run of the task: its weights, and what they are judged by."""

    def __init__(self, module: ModuleType, start: Start, metric: str | None) -> None:
        seed_all(start.seed)
        given = module.start(start)
        fields = given if isinstance(given, dict) else None
        if fields is not None and (unknown := sorted(set(fields) - set(OF_RUN))):
            raise Fault(f"`start` returns `{unknown[0]}`; there is {', '.join(OF_RUN)}")
        self.metric = metric
        self.done = 0
        values = [
            fields.get(name) if fields is not None else getattr(given, name, None)
            for name in OF_RUN
        ]
        parameters, self.loss, self.batch, self.evaluate, self.hidden = values
        if parameters is None:
            raise Fault("`start` returns no `parameters`")
        self.parameters = named_parameters(
            parameters() if inspect.ismethod(parameters) else parameters
        )
        for name, value in zip(OF_RUN[1:], values[1:], strict=True):
            if value is None and name != "loss":
                continue
            if not callable(value):
                raise Fault(f"`start` returns no function as `{name}`")
        if self.evaluate is None and (self.batch is not None or metric is not None):
            raise Fault(
                "a task with `batch` or a metric needs `evaluate`: the loss of one batch is not how well it does"
            )

    def loss_at(self, step: int) -> Any:
        """The loss of a step, one number that knows its gradients."""
        import torch

        value = self.loss() if self.batch is None else self.loss(self.batch(step))
        if not isinstance(value, torch.Tensor) or value.numel() != 1:
            kind = (
                f"a tensor of {value.numel()}"
                if isinstance(value, torch.Tensor)
                else type(value).__name__
            )
            raise Fault(f"`loss` gives {kind}; expected a tensor of one number")
        if step == 0 and not math.isfinite(value.item()):
            raise Fault(
                f"the loss is {value.item()} before a rule has changed a weight"
            )
        return value.reshape(())

    def differentiate(self, step: int) -> Any:
        """Gives every parameter its gradient, and the loss."""
        for _, parameter in self.parameters:
            parameter.grad = None
        value = self.loss_at(step)
        value.backward()
        if step == 0 and all(
            parameter.grad is None for _, parameter in self.parameters
        ):
            raise Fault("the loss depends on none of the parameters")
        return value.detach()

    def score(self, part: str) -> dict[str, Any]:
        """How well the present weights do."""
        import torch

        with torch.no_grad():
            given = self.loss() if self.evaluate is None else self.evaluate(part)
        pair = given if isinstance(given, dict) else {"loss": given}
        if unknown := sorted(set(pair) - {"loss", "metric"}):
            raise Fault(f"`evaluate` gives `{unknown[0]}`; expected loss and metric")
        if "loss" not in pair:
            raise Fault("`evaluate` gives no loss")
        if ("metric" in pair) != (self.metric is not None):
            lacks = (
                "no metric, and the task declares"
                if self.metric
                else "a metric, and the task declares none"
            )
            raise Fault(
                f"`evaluate` gives {lacks}{f' {self.metric}' if self.metric else ''}"
            )
        numbers = {name: number_of(value, name) for name, value in pair.items()}
        for name, value in numbers.items():
            if self.done == 0 and not math.isfinite(value):
                raise Fault(f"the {name} is {value} before a rule has changed a weight")
        return {name: finite(value) for name, value in numbers.items()}

    def digest(self) -> str:
        """What the weights are, in few letters."""
        import torch

        found = hashlib.sha256()
        for _, parameter in self.parameters:
            values = parameter.detach().to("cpu", torch.float64).contiguous()
            found.update(values.numpy().tobytes())
        return found.hexdigest()


def number_of(value: Any, name: str) -> float:
    """A number, or a tensor of one."""
    try:
        return float(value)
    except (TypeError, ValueError, RuntimeError):
        raise Fault(
            f"`evaluate` gives {type(value).__name__} as {name}; expected one number"
        ) from None


def finite(value: float) -> float | None:
    """JSON has no other numbers."""
    return value if math.isfinite(value) else None


# Rules

RULES: dict[str, type] = {}
MOST_RULES = 8


def class_of(text: str) -> type:
    """The optimizer of a module's text: what it exports."""
    key = hashlib.sha256(text.encode()).hexdigest()
    if key not in RULES:
        while len(RULES) >= MOST_RULES:
            oldest = next(iter(RULES))
            del (
                RULES[oldest],
                sys.modules[f"rule_{oldest}"],
                linecache.cache[f"<rule {oldest}>"],
            )
        module = ModuleType(f"rule_{key}")
        # Both are asked by their names: for the types of fields, and for lines of tracebacks.
        sys.modules[module.__name__] = module
        linecache.cache[f"<rule {key}>"] = (
            len(text),
            None,
            text.splitlines(True),
            f"<rule {key}>",
        )
        exec(compile(text, f"<rule {key}>", "exec"), module.__dict__)
        RULES[key] = getattr(module, module.__all__[0])
    return RULES[key]


def scheduled(values: list[float]) -> Any:
    """A hyperparameter that has a value of its own at each step."""
    return lambda t, T: values[min(int(t), len(values) - 1)]


def optimizer_of(rule: dict[str, Any], run: Run) -> Any:
    """The rule's optimizer on the weights of a run; values are in the order of its hyperparameters."""
    Class = class_of(rule["text"])
    known = inspect.signature(Class.__init__).parameters
    named = [
        name
        for name, each in known.items()
        if each.kind is each.POSITIONAL_OR_KEYWORD and name not in ("self", "params")
    ]
    options = {
        name: scheduled(value) if isinstance(value, list) else value
        for name, value in zip(named, rule["values"], strict=True)
        if value is not None
    }
    others = {
        "total_steps": rule.get("totalSteps"),
        "seed": rule.get("seed"),
        "hidden": run.hidden,
    }
    options.update(
        (name, value)
        for name, value in others.items()
        if name in known and value is not None
    )
    plain = [parameter for _, parameter in run.parameters]
    return Class(run.parameters if "hidden" in options else plain, **options)


# Requests


def device_of(kind: str) -> Any:
    """A device of a kind: processes that work beside each other have different graphics cards, as far as there are."""
    import torch

    if kind != "cuda":
        return torch.device(kind)
    place = int(os.environ.get("OPTC_WORKER") or 0)
    return torch.device("cuda", place % torch.cuda.device_count())


class Host:
    """The runs of one task."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.runs: dict[str, tuple[Run, Any]] = {}
        self.when = ""
        self.steps = 0

    def start(self, asked: dict[str, Any]) -> Run:
        import torch

        self.when, self.steps = " (in `start`)", 0
        metric = getattr(self.module, "metric", None)
        device = device_of(asked["device"])
        start = Start(asked["seed"], device, asked["batchSize"], asked["width"])
        return Run(self.module, start, metric["name"] if metric else None)

    def describe(self, _: dict[str, Any]) -> dict[str, Any]:
        return describe(self.module)

    def begin(self, asked: dict[str, Any]) -> dict[str, Any]:
        run = self.start(asked)
        # With it, no fault is the task's.
        self.when, self.steps = " (when the rule was set up)", 1
        self.runs[asked["run"]] = (run, optimizer_of(asked["rule"], run))
        return {}

    def take(self, asked: dict[str, Any]) -> dict[str, Any]:
        import torch

        run, optimizer = self.runs[asked["run"]]
        losses = []
        for step in range(asked["first"], asked["first"] + asked["count"]):
            self.when, self.steps = f" (at step {step + 1})", step
            losses.append(run.differentiate(step))
            self.when, self.steps = f" (in step {step + 1} of the rule)", step + 1
            optimizer.step()
            run.done = step + 1
        return {
            "losses": [finite(value) for value in torch.stack(losses).double().tolist()]
        }

    def evaluate(self, asked: dict[str, Any]) -> dict[str, Any]:
        run, optimizer = self.runs[asked["run"]]
        self.when = (
            f" (in the evaluation on the {asked['part']} part after {run.done} steps)"
        )
        self.steps = run.done
        elsewhere = hasattr(optimizer, "eval")
        if elsewhere:
            optimizer.eval()
        try:
            return run.score(asked["part"])
        finally:
            if elsewhere:
                optimizer.train()

    def end(self, asked: dict[str, Any]) -> dict[str, Any]:
        self.runs.pop(asked["run"], None)
        return {}

    def rehearse(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Begins twice, and takes what a first step would take."""
        seen = []
        for time in range(2):
            run = self.start(asked)
            weights = run.digest()
            if time == 0:
                for part in PARTS:
                    self.when = f" (in the evaluation on the {part} part after 0 steps)"
                    run.score(part)
                # What evaluating has drawn is no part of a run's beginning.
                run = self.start(asked)
            self.when = " (at step 1)"
            seen.append({"weights": weights, "loss": run.differentiate(0).item()})
        return {"seen": seen}


def answer(host: Host, asked: dict[str, Any]) -> dict[str, Any]:
    host.when, host.steps = "", 0
    try:
        return getattr(host, asked["do"])(asked)
    except Exception as error:
        return {"error": described(error, host.when, host.steps)}


def read_requests(waiting: queue.Queue[bytes]) -> None:
    for line in sys.stdin.buffer:
        waiting.put(line)
    # Whoever asked is gone.
    os._exit(0)


def main() -> None:
    # The terminal interrupts all processes; the one that asks decides when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    waiting: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=read_requests, args=(waiting,), daemon=True).start()

    def say(told: dict[str, Any]) -> None:
        # What a task says of itself may be of any type.
        answers.write(json.dumps(told, default=str) + "\n")
        answers.flush()

    try:
        import torch
        import torch.utils.deterministic
    except ImportError as error:
        return say(
            {
                "error": {
                    "message": f"{sys.executable}: {error}",
                    "steps": 0,
                    "help": TORCH_HELP,
                }
            }
        )
    # Sums are rounded alike wherever there is another number of cores.
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True, warn_only=True)
    # Whoever reads memory that nothing was written to is wrong anyway, and filling it takes time.
    torch.utils.deterministic.fill_uninitialized_memory = False
    try:
        host = Host(load_task())
    except BaseException as error:
        return say({"error": described(error, "", 0)})
    say({})
    while True:
        say(answer(host, json.loads(waiting.get())))


TORCH_HELP = "tasks in Python need PyTorch: `pip install torch`, or name an interpreter that has it in OPTC_PYTHON"

main()
