from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, Union, overload

import torch
from torch import Tensor
from torch._compile import _disable_dynamo
from torch.optim.optimizer import Optimizer, ParamsT


def divide(a: float, b: float) -> float:
    """The quotient: infinite, or NaN, where ``b`` is 0."""
    if b != 0:
        return a / b
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def power(base: float, exponent: float) -> float:
    """The power: NaN for a root of a negative number, infinite where it is too large."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        is_negative = base < 0 and exponent % 2 == 1
        return -math.inf if is_negative else math.inf
    except ValueError:
        if base != 0:
            return math.nan
        return math.copysign(math.inf, base) if exponent % 2 == 1 else math.inf


def square(x: float) -> float:
    """The square: infinite where it is too large."""
    return x * x


def sign(x: float) -> float:
    """1 for positive numbers, -1 for negative ones, else the number itself."""
    return 1.0 if x > 0 else -1.0 if x < 0 else x


def minimum(a: float, b: float) -> float:
    """The smaller of two numbers: NaN if either is, and -0 below 0."""
    if math.isnan(a) or math.isnan(b):
        return math.nan
    if a == b == 0:
        return min(math.copysign(1.0, a), math.copysign(1.0, b)) * 0.0
    return min(a, b)


def maximum(a: float, b: float) -> float:
    """The larger of two numbers: NaN if either is, and 0 above -0."""
    if math.isnan(a) or math.isnan(b):
        return math.nan
    if a == b == 0:
        return max(math.copysign(1.0, a), math.copysign(1.0, b)) * 0.0
    return max(a, b)


def clip(x: float, bound: float) -> float:
    """The number limited to [-abs(bound), abs(bound)]."""
    return minimum(maximum(x, -abs(bound)), abs(bound))


def floor(x: float) -> float:
    """The largest whole number that is not larger; infinities and NaN as they are."""
    return float(math.floor(x)) if math.isfinite(x) and x != 0 else x


def modulo(a: float, b: float) -> float:
    """The remainder of a floored division: NaN where ``b`` is 0."""
    return a % b if b != 0 else math.nan


def square_root(x: float) -> float:
    """The square root: NaN for negative numbers."""
    return math.sqrt(x) if x >= 0 else math.nan


def exponential(x: float) -> float:
    """The exponential: infinite where it is too large."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def exponential_m1(x: float) -> float:
    """The exponential less 1: infinite where it is too large."""
    try:
        return math.expm1(x)
    except OverflowError:
        return math.inf


def logarithm(x: float) -> float:
    """The natural logarithm: -inf at 0, NaN for negative numbers."""
    if x > 0:
        return math.log(x)
    return -math.inf if x == 0 else math.nan


def logarithm_1p(x: float) -> float:
    """The natural logarithm of 1 + x: -inf at -1, NaN below."""
    if x > -1:
        return math.log1p(x)
    return -math.inf if x == -1 else math.nan


def sine(x: float) -> float:
    """The sine: NaN at the infinities."""
    return math.sin(x) if math.isfinite(x) else math.nan


def cosine(x: float) -> float:
    """The cosine: NaN at the infinities."""
    return math.cos(x) if math.isfinite(x) else math.nan


def sigmoid(x: float) -> float:
    """The logistic function."""
    e = math.exp(-abs(x))
    return (1.0 if x >= 0 else e) / (1 + e)


def softplus(x: float) -> float:
    """The logarithm of 1 + exp(x)."""
    return maximum(x, 0.0) + math.log1p(math.exp(-abs(x)))


def softsign(x: float) -> float:
    """x / (1 + abs(x))."""
    return x / (1 + abs(x))


def log_one_plus_exp(x: float) -> float:
    """The logarithm of 1 + exp(x) + 1e-7."""
    top = maximum(x, 0.0)
    return top + math.log1p(math.exp(-abs(x)) + 1e-7 * math.exp(-top))


def sigmoid_derivative(x: float) -> float:
    """The derivative of the logistic function."""
    e = math.exp(-abs(x))
    return e / (1 + e) ** 2


def polynomial(coefficients: tuple[float, ...], x: float) -> float:
    """The value at ``x``, the coefficient of the highest power first."""
    total = 0.0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


BESSEL_NEAR = (
    -1.6735667828350472e-10,
    1.3857874217910209e-9,
    -1.0617883913149256e-8,
    7.718907337002434e-8,
    -5.226867413738982e-7,
    3.278207818215809e-6,
    -1.892471629279249e-5,
    9.980789894849256e-5,
    -0.0004765767845346078,
    0.0020377169161055796,
    -0.0076945077687570855,
    0.02520132336444367,
    -0.06985466405742914,
    0.15802514469243717,
    -0.27413749095041684,
    0.00034160636974339426,
)


BESSEL_MIDDLE = (
    -1.944605102081048e-26,
    2.861244501577915e-25,
    -2.3481088221365235e-24,
    3.072090147346203e-23,
    -4.538998550464956e-22,
    5.624252105316609e-21,
    -6.535364067374883e-20,
    7.416319362244236e-19,
    -8.072649097360361e-18,
    8.369142641762454e-17,
    -8.261485463748354e-16,
    7.75018478839818e-15,
    -6.88978295446268e-14,
    5.786798005920491e-13,
    -4.577056685406659e-12,
    3.39656472812943e-11,
    -2.354841838210462e-10,
    1.5178072155581896e-9,
    -9.041602107875657e-9,
    4.9410511340244557e-8,
    -2.45187526349385e-7,
    1.0870808807350256e-6,
    -4.172495384355806e-6,
    1.2739879430211714e-5,
    -2.0121165997943055e-5,
    -0.00011196764777588062,
    0.001616218643052865,
    -0.01475139406855252,
    -0.0009161777025078863,
)


BESSEL_FAR = (
    -1.9677083272584384e-11,
    6.135932778393812e-11,
    1.417650842869536e-10,
    -4.6561597954216946e-10,
    -4.798751536934023e-10,
    1.657764699456319e-9,
    1.0715528639398075e-9,
    -3.75344338735913e-9,
    -1.992076551203188e-9,
    6.202984113000443e-9,
    3.803814960536081e-9,
    -7.863004697555056e-9,
    -7.816968266767898e-9,
    5.963645798166707e-9,
    1.408852075202545e-8,
    6.737493433374833e-9,
    -8.43880090582137e-9,
    -2.337446787242448e-8,
    -4.312778920167609e-8,
    -1.0001282610189342e-7,
    -3.4838567401229716e-7,
    -1.8349101357991557e-6,
    -1.5038547197358572e-5,
    -0.00021923576383382282,
    -0.009749577193235768,
    -0.0012265409741276717,
)


def bessel_i1e(x: float) -> float:
    """exp(-abs(x)) I1(x), I1 the modified Bessel function of the first kind."""
    size = abs(x)
    # In powers of the size less 0.5 or 4.5, or of 16 over it less 1, over its root.
    if size <= 1:
        return x * (0.3125 + polynomial(BESSEL_NEAR, size - 0.5))
    if size <= 8:
        value = 0.171875 + polynomial(BESSEL_MIDDLE, size - 4.5)
    else:
        value = (0.390625 + polynomial(BESSEL_FAR, 16 / size - 1)) / math.sqrt(size)
    return -value if x < 0 else value


Numbers = tuple[Any, ...]


Operand = Union["TensorList", float, Tensor]


def plain(x: Operand) -> list[Tensor] | float | Tensor:
    """What PyTorch's functions of many tensors take."""
    return x.tensors if isinstance(x, TensorList) else x


class TensorList:
    """Tensors of one type on one device that are computed with at once."""

    def __init__(self, tensors: list[Tensor]) -> None:
        self.tensors = tensors

    @property
    def shape(self) -> torch.Size:
        return self.tensors[0].shape

    @property
    def ndim(self) -> int:
        return self.tensors[0].ndim

    @property
    def is_cpu(self) -> bool:
        return self.tensors[0].is_cpu

    def numel(self) -> int:
        return self.tensors[0].numel()

    def new_tensor(self, x: float) -> TensorList:
        return TensorList([each.new_tensor(x) for each in self.tensors])

    def __add__(self, other: Operand) -> TensorList:
        return TensorList(list(torch._foreach_add(self.tensors, plain(other))))

    def __radd__(self, other: float | Tensor) -> TensorList:
        return self + other

    def __sub__(self, other: Operand) -> TensorList:
        if isinstance(other, TensorList):
            return TensorList(list(torch._foreach_sub(self.tensors, other.tensors)))
        return self + -other

    def __rsub__(self, other: float | Tensor) -> TensorList:
        return (-self).add_(other)

    def __mul__(self, other: Operand) -> TensorList:
        return TensorList(list(torch._foreach_mul(self.tensors, plain(other))))

    def __rmul__(self, other: float | Tensor) -> TensorList:
        return self * other

    def __truediv__(self, other: Operand) -> TensorList:
        return TensorList(list(torch._foreach_div(self.tensors, plain(other))))

    def __rtruediv__(self, other: float | Tensor) -> TensorList:
        # No function of many tensors rounds this once.
        return TensorList([other / x for x in self.tensors])

    def __neg__(self) -> TensorList:
        return TensorList(list(torch._foreach_neg(self.tensors)))

    def add_(self, other: Operand) -> TensorList:
        torch._foreach_add_(self.tensors, plain(other))
        return self

    def sub_(self, other: Operand) -> TensorList:
        if isinstance(other, TensorList):
            torch._foreach_sub_(self.tensors, other.tensors)
            return self
        return self.add_(-other)

    def mul_(self, other: Operand) -> TensorList:
        torch._foreach_mul_(self.tensors, plain(other))
        return self

    def div_(self, other: Operand) -> TensorList:
        torch._foreach_div_(self.tensors, plain(other))
        return self

    def square(self) -> TensorList:
        return self * self

    def square_(self) -> TensorList:
        return self.mul_(self)

    def sqrt(self) -> TensorList:
        return TensorList(list(torch._foreach_sqrt(self.tensors)))

    def sqrt_(self) -> TensorList:
        torch._foreach_sqrt_(self.tensors)
        return self

    def abs(self) -> TensorList:
        return TensorList(list(torch._foreach_abs(self.tensors)))

    def abs_(self) -> TensorList:
        torch._foreach_abs_(self.tensors)
        return self

    def neg_(self) -> TensorList:
        torch._foreach_neg_(self.tensors)
        return self

    def reciprocal(self) -> TensorList:
        return TensorList(list(torch._foreach_reciprocal(self.tensors)))

    def reciprocal_(self) -> TensorList:
        torch._foreach_reciprocal_(self.tensors)
        return self

    def addcdiv(
        self, y: TensorList, divisor: TensorList | Tensor, *, value: float
    ) -> TensorList:
        divisors = self._divisors(divisor)
        return TensorList(
            list(torch._foreach_addcdiv(self.tensors, y.tensors, divisors, value=value))
        )

    def addcdiv_(
        self, y: TensorList, divisor: TensorList | Tensor, *, value: float
    ) -> TensorList:
        divisors = self._divisors(divisor)
        torch._foreach_addcdiv_(self.tensors, y.tensors, divisors, value=value)
        return self

    def _divisors(self, divisor: TensorList | Tensor) -> list[Tensor]:
        if isinstance(divisor, TensorList):
            return divisor.tensors
        return [divisor] * len(self.tensors)

    def clone(self) -> TensorList:
        return TensorList([x.clone() for x in self.tensors])

    def copy_(self, other: TensorList) -> TensorList:
        torch._foreach_copy_(self.tensors, other.tensors)
        return self


X = TypeVar("X", Tensor, TensorList)

# On a processor, whatever device is the default where the module is loaded.


@dataclass
class Slot(Generic[X]):
    """A parameter in a step: what it is, its gradient and what is kept for it."""

    w: X
    g: X
    state: dict[str, X]
    parameter: Tensor
    index: int = 0
    is_hidden: bool = True
    updates: int = 0


class Interval(NamedTuple):
    """Where the values of a hyperparameter may be."""

    low: float
    high: float
    has_low: bool
    has_high: bool

    def holds(self, x: float, *, is_scheduled: bool) -> bool:
        """What changes from step to step may reach finite ends: rates begin at 0."""
        reaches = is_scheduled and math.isfinite(x)
        above = x > self.low or (x == self.low and (self.has_low or reaches))
        below = x < self.high or (x == self.high and (self.has_high or reaches))
        return above and below

    def __str__(self) -> str:
        begin = "[" if self.has_low else "("
        end = "]" if self.has_high else ")"
        return f"{begin}{self.low:g}, {self.high:g}{end}"


Hyperparameter = float | Tensor | Callable[[int, float], float]


def value_at(
    name: str,
    given: Hyperparameter,
    t: int,
    total_steps: int | None,
    interval: Interval,
) -> float:
    """The value of a hyperparameter at step ``t``.

    Raises:
        ValueError: It is outside its interval, or depends on a number of steps
            that is not given.
    """
    if callable(given) and not isinstance(given, Tensor):
        value = float(given(t, math.nan if total_steps is None else total_steps))
        if math.isnan(value) and total_steps is None:
            raise ValueError(
                f"{name} is no number at step {t}; if it depends on the number of "
                "steps, give total_steps"
            )
    else:
        value = float(given)
    if not interval.holds(value, is_scheduled=True):
        raise ValueError(f"{name} is {value:g}; it must be in {interval}")
    return value


def check_hyperparameter(name: str, given: Hyperparameter, interval: Interval) -> None:
    """Refuse what can never be the value of a hyperparameter.

    Raises:
        TypeError: It is neither a number, a tensor of one number nor a function.
        ValueError: It is a number outside its interval.
    """
    if isinstance(given, Tensor):
        if given.numel() != 1:
            raise TypeError(f"{name} is a tensor of {given.numel()} numbers, not one")
    elif callable(given):
        return
    elif isinstance(given, bool) or not isinstance(given, (int, float)):
        raise TypeError(
            f"{name} must be a number, a tensor of one number or a function of the "
            f"step and the number of steps, not {type(given).__name__}"
        )
    value = float(given)
    if not interval.holds(value, is_scheduled=False):
        raise ValueError(f"{name} is {value:g}; it must be in {interval}")


BLOCK = 1 << 18


def changed(slot: Slot[Tensor], change: Callable[[Tensor], Tensor]) -> Slot[Tensor]:
    """A slot with other tensors; what is no tensor stays."""
    state = {
        name: change(x) if isinstance(x, Tensor) else x
        for name, x in slot.state.items()
    }
    return replace(slot, w=change(slot.w), g=change(slot.g), state=state)


def is_cut(x: Tensor) -> bool:
    """Whether other processes hold other shards of a tensor."""
    return hasattr(x, "full_tensor")


def shard_of(x: Tensor) -> Tensor:
    """What this process holds of a tensor; the numbers are shared."""
    cut: Any = x
    own: Tensor = cut.to_local() if is_cut(x) else x
    return own


def sharded(slot: Slot[Tensor]) -> Slot[Tensor]:
    """A slot with the shards of this process."""
    return changed(slot, shard_of)


def whole(x: Tensor) -> Tensor:
    """All numbers of a tensor, gathered from all processes."""
    cut: Any = x
    found: Tensor = cut.full_tensor() if is_cut(x) else x
    return found


def gathered(slot: Slot[Tensor]) -> Slot[Tensor]:
    """A slot with whole tensors."""
    return changed(slot, whole) if is_cut(slot.w) else slot


def cut_like(x: Tensor, other: Tensor) -> Tensor:
    """A tensor that all processes have, cut as another one is."""
    cut: Any = other
    everywhere: Any = type(other)
    copied = everywhere.from_local(x, cut.device_mesh, run_check=False)
    found: Tensor = copied.redistribute(placements=cut.placements)
    return found


def keep(opened: Slot[Tensor], slot: Slot[Tensor]) -> None:
    """Put what became of a slot with whole tensors into the shards.

    States shaped like the parameter are cut as it is; all processes have the others.
    """
    slot.w.copy_(cut_like(opened.w, slot.w))
    for name, x in opened.state.items():
        kept = slot.state.get(name)
        if kept is None and x.shape == slot.w.shape:
            slot.state[name] = cut_like(x, slot.w)
        elif kept is None:
            slot.state[name] = x
        elif isinstance(kept, Tensor) and is_cut(kept):
            kept.copy_(cut_like(x, slot.w))


def joined(slots: list[Slot[Tensor]]) -> Slot[Any]:
    """Slots as one that holds lists; a single one as it is."""
    first = slots[0]
    if len(slots) == 1:
        return first
    return Slot(
        TensorList([slot.w for slot in slots]),
        TensorList([slot.g for slot in slots]),
        {
            name: TensorList([slot.state[name] for slot in slots])
            for name, state in first.state.items()
            if isinstance(state, Tensor)
        },
        first.parameter,
    )


def rounded_stochastically(x: Tensor) -> Tensor:
    """Numbers of 32 bits as one of the two of 16 bits around them.

    The closer a number is, the likelier: the mean is the number itself.
    """
    bits = x.view(torch.int32)
    noise = torch.randint_like(bits, 1 << 16)
    rounded = ((bits + noise) & -65536).view(torch.float32)
    return torch.where(x.isfinite(), rounded, x)


class Rule(Optimizer):
    """What the optimizers of this module have in common.

    A group holds a value for each hyperparameter, which a scheduler may change: a
    number, a tensor of one number, or a function of the step ``t``, which starts at
    0, and the number of steps ``T``. Parameters of 16 bits are updated in 32 bits,
    which their states have, too.
    """

    intervals: ClassVar[dict[str, Interval]] = {}
    takes_lists: ClassVar[bool] = False
    reads_shape: ClassVar[bool] = False
    by_element: ClassVar[bool] = False
    counts_updates: ClassVar[bool] = False
    _compiled: Callable[[list[Slot[Tensor]], Numbers], None] | None = None

    def __init__(self, params: ParamsT, defaults: dict[str, Any]) -> None:
        super().__init__(params, {"t": 0, **defaults})

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        super().add_param_group(param_group)
        group = self.param_groups[-1]
        group["t"] = max(each["t"] for each in self.param_groups)
        for parameter in group["params"]:
            if parameter.is_complex():
                raise TypeError(f"{type(self).__name__} takes no complex parameters")
        for name, interval in self.intervals.items():
            check_hyperparameter(name, group[name], interval)

    @overload
    def step(self, closure: None = None) -> None: ...

    @overload
    def step(self, closure: Callable[[], float]) -> float: ...

    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """Take one step.

        Args:
            closure: Computes the loss anew, and the gradients; its value is returned.
        """
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        with torch.no_grad():
            self._step(torch.compiler.is_compiling())
        return loss

    @_disable_dynamo
    def _step(self, is_compiled: bool) -> None:
        """Take a step, of which what is done to tensors may be compiled."""
        groups = self.param_groups
        numbers = [self._numbers(group) for group in groups]
        slots = self._slots(numbers)
        numbers = self._with_totals(slots, numbers)
        for group, own, known in zip(groups, slots, numbers, strict=True):
            self._update_all(group, own, known, is_compiled)
            for slot in own:
                self._store(group, slot)
            self._finish(group, known)

    def _update_all(
        self,
        group: dict[str, Any],
        slots: list[Slot[Tensor]],
        numbers: Numbers,
        is_compiled: bool,
    ) -> None:
        """Update parameters.

        Where an element rests on others of its parameter, shards of it are gathered,
        one parameter at a time.
        """
        own = []
        for slot in slots:
            if not is_cut(slot.w):
                own.append(slot)
            elif self.by_element:
                own.append(sharded(slot))
            else:
                opened = gathered(slot)
                self._update_some(group, [opened], numbers, is_compiled)
                keep(opened, slot)
        self._update_some(group, own, numbers, is_compiled)

    def _update_some(
        self,
        group: dict[str, Any],
        slots: list[Slot[Tensor]],
        numbers: Numbers,
        is_compiled: bool,
    ) -> None:
        if is_compiled:
            self._update_compiled(slots, numbers)
        else:
            for part in self._parts(group, slots):
                self._update(part, numbers)

    def _begin_cut(self, slot: Slot[Tensor], numbers: Numbers) -> None:
        """The first states of a parameter that is cut into shards."""
        if self.by_element:
            self._begin(slot, numbers)
        elif not any(isinstance(x, Tensor) for x in slot.state.values()):
            opened = gathered(slot)
            self._begin(opened, numbers)
            keep(opened, slot)

    def _update_compiled(self, slots: list[Slot[Tensor]], numbers: Numbers) -> None:
        """Update parameters by one compiled function.

        Numbers are tensors there: it is not compiled anew where they change.
        """
        if self._compiled is None:
            self._compiled = torch.compile(self._update_each)
        known = [
            torch.tensor(x, dtype=torch.float64) if isinstance(x, float) else x
            for x in numbers
        ]
        self._compiled(slots, tuple(known))

    def _update_each(self, slots: list[Slot[Tensor]], numbers: Numbers) -> None:
        for slot in slots:
            self._update(slot, numbers)

    def _slots(self, numbers: list[Numbers]) -> list[list[Slot[Tensor]]]:
        """The parameters of each group that have a gradient."""
        index = 0
        slots: list[list[Slot[Tensor]]] = []
        for group, known in zip(self.param_groups, numbers, strict=True):
            own = []
            for place, parameter in enumerate(group["params"]):
                if parameter.grad is not None and parameter.numel() > 0:
                    slot = self._slot(group, parameter, index)
                    slot.is_hidden = self._is_hidden(group, place)
                    begin = self._begin_cut if is_cut(slot.w) else self._begin
                    begin(slot, known)
                    own.append(slot)
                index += 1
            slots.append(own)
        return slots

    def _slot(
        self, group: dict[str, Any], parameter: Tensor, index: int
    ) -> Slot[Tensor]:
        """What a step does something with, in 32 bits at least."""
        grad = parameter.grad
        assert grad is not None
        if grad.is_sparse:
            raise RuntimeError(
                f"{type(self).__name__} takes no sparse gradients: make the embedding "
                "with sparse=False"
            )
        is_short = parameter.dtype in (torch.bfloat16, torch.float16)
        w, g = (parameter.float(), grad.float()) if is_short else (parameter, grad)
        state = self.state[parameter]
        slot = Slot(w, -g if group["maximize"] else g, state, parameter, index)
        if self.counts_updates:
            slot.updates = int(state.get("updates", 0))
            state["updates"] = slot.updates + 1
        return slot

    def _is_hidden(self, group: dict[str, Any], place: int) -> bool:
        """Whether a parameter may be that of a hidden layer."""
        hidden = group.get("hidden")
        if hidden is None or isinstance(hidden, bool):
            return hidden is not False
        names = group.get("param_names")
        return bool(hidden(names[place] if names else "", group["params"][place]))

    def _parts(
        self, group: dict[str, Any], slots: list[Slot[Tensor]]
    ) -> list[Slot[Any]]:
        """What one call updates: a parameter, many of them, or a piece of one."""
        if not self.takes_lists:
            return [*slots]
        pieces = [piece for slot in slots for piece in self._pieces(slot)]
        if group["foreach"] is False:
            return [*pieces]
        return [joined(bundle) for bundle in self._bundles(pieces)]

    def _pieces(self, slot: Slot[Tensor]) -> list[Slot[Tensor]]:
        """A long parameter in pieces that a processor's cache holds."""
        states = {name: x for name, x in slot.state.items() if isinstance(x, Tensor)}
        whole = [slot.w, slot.g, *states.values()]
        if (
            self.reads_shape
            or not slot.w.is_cpu
            or slot.w.numel() <= BLOCK
            or not all(x.is_contiguous() for x in whole)
        ):
            return [slot]
        pieces = zip(*(x.view(-1).split(BLOCK) for x in whole), strict=True)
        return [
            Slot(w, g, dict(zip(states, own, strict=True)), slot.parameter)
            for w, g, *own in pieces
        ]

    def _bundles(self, slots: list[Slot[Tensor]]) -> list[list[Slot[Tensor]]]:
        """Slots of one type on one device: on a processor as many as its cache holds."""
        bundles: list[list[Slot[Tensor]]] = []
        opened: dict[object, tuple[list[Slot[Tensor]], int]] = {}
        for slot in slots:
            shape = slot.w.shape if self.reads_shape else None
            key = (slot.w.device, slot.w.dtype, shape)
            bundle, numbers = opened.get(key, ([], 0))
            numbers += slot.w.numel()
            if not bundle or (slot.w.is_cpu and numbers > BLOCK):
                bundle, numbers = [], slot.w.numel()
                bundles.append(bundle)
            bundle.append(slot)
            opened[key] = (bundle, numbers)
        return bundles

    def _store(self, group: dict[str, Any], slot: Slot[Tensor]) -> None:
        """Put weights that were updated in 32 bits where they belong."""
        if slot.w is slot.parameter:
            return
        parameter, w = shard_of(slot.parameter), shard_of(slot.w)
        if group["stochastic_rounding"] and parameter.dtype == torch.bfloat16:
            parameter.copy_(rounded_stochastically(w))
        else:
            parameter.copy_(w)

    def state_dict(self) -> dict[str, Any]:
        packed = super().state_dict()
        for group in packed["param_groups"]:
            # Functions cannot be saved: an optimizer that loads this has its own.
            group.update({key: None for key, x in group.items() if callable(x)})
        return packed

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        functions = [
            {key: x for key, x in group.items() if callable(x)}
            for group in self.param_groups
        ]
        super().load_state_dict(state_dict)
        for group, own in zip(self.param_groups, functions, strict=True):
            group.update({key: x for key, x in own.items() if group[key] is None})
        # States keep the precision they were saved in, whatever that of the weights.
        saved = [i for group in state_dict["param_groups"] for i in group["params"]]
        ours = [w for group in self.param_groups for w in group["params"]]
        for i, parameter in zip(saved, ours, strict=True):
            for name, value in state_dict["state"].get(i, {}).items():
                if isinstance(value, Tensor):
                    copied = value.detach().clone().to(parameter.device)
                    self.state[parameter][name] = copied

    def _value(self, group: dict[str, Any], name: str, t: int | None = None) -> float:
        """The value of a hyperparameter in a group, at its step or at another."""
        at = group["t"] if t is None else t
        steps = group["total_steps"]
        return value_at(name, group[name], at, steps, self.intervals[name])

    def _numbers(self, group: dict[str, Any]) -> Numbers:
        """What is known of a step before any gradient."""
        raise NotImplementedError

    def _with_totals(
        self, slots: list[list[Slot[Tensor]]], numbers: list[Numbers]
    ) -> list[Numbers]:
        """The numbers of each group, with those over all parameters."""
        return numbers

    def _begin(self, slot: Slot[Tensor], numbers: Numbers) -> None:
        """Give a parameter the states it does not have yet."""

    def _update(self, slot: Slot[Any], numbers: Numbers) -> None:
        """Update a parameter, or several at once."""
        raise NotImplementedError

    def _finish(self, group: dict[str, Any], numbers: Numbers) -> None:
        """End the step of a group."""
        group["t"] += 1


class EvaluatedRule(Rule):
    """A rule whose models are evaluated with other weights than they are trained at."""

    def eval(self) -> None:
        """Put the weights to evaluate with in the place of the trained ones."""
        with torch.no_grad():
            for group in self.param_groups:
                if not group.get("evaluating", False) and group["t"] > 0:
                    self._swap(group)
                group["evaluating"] = True

    def train(self) -> None:
        """Put the trained weights back."""
        with torch.no_grad():
            for group in self.param_groups:
                group["evaluating"] = False
                for parameter in group["params"]:
                    trained = self.state[parameter].pop("trained", None)
                    if trained is not None:
                        parameter.copy_(trained)

    def _swap(self, group: dict[str, Any]) -> None:
        known = self._evaluation_numbers(group)
        for place, parameter in enumerate(group["params"]):
            # What had no gradient yet is what it is.
            if parameter not in self.state:
                continue
            state = self.state[parameter]
            w = parameter.float() if parameter.element_size() < 4 else parameter
            slot = Slot(w, torch.zeros_like(w), state, parameter)
            slot.is_hidden = self._is_hidden(group, place)
            slot.updates = int(state.get("updates", 1)) - 1
            opened = sharded(slot) if self.by_element else gathered(slot)
            evaluated = self._evaluated(opened, known)
            state["trained"] = parameter.clone()
            if is_cut(parameter) and not self.by_element:
                evaluated = shard_of(cut_like(evaluated, parameter))
            shard_of(parameter).copy_(evaluated)

    def _step(self, is_compiled: bool) -> None:
        if any(group.get("evaluating", False) for group in self.param_groups):
            raise RuntimeError("call train() before a step: eval() was called last")
        super()._step(is_compiled)

    def _evaluation_numbers(self, group: dict[str, Any]) -> Numbers:
        """What is known of the step that was taken last."""
        raise NotImplementedError

    def _evaluated(self, slot: Slot[Tensor], numbers: Numbers) -> Tensor:
        """The weights to evaluate with."""
        raise NotImplementedError


ONE = torch.ones((), device="cpu")


def scaled(y: X, factor: float | Tensor) -> X:
    """factor * y."""
    return y * factor


def add_scaled(x: X, y: X, factor: float | Tensor) -> X:
    """x + factor * y."""
    if x.is_cpu and not isinstance(factor, Tensor):
        return x.addcdiv(y, ONE, value=factor)
    return x + scaled(y, factor)


def add_scaled_(x: X, y: X, factor: float | Tensor) -> X:
    """The same in the place of x.

    A quotient by 1 does it in one pass that rounds twice, as a product and a sum do;
    ``alpha=`` rounds once, and so does every such pass on a card.
    """
    if x.is_cpu and not isinstance(factor, Tensor):
        return x.addcdiv_(y, ONE, value=factor)
    return x.add_(scaled(y, factor))


def ratio(y: X, divisor: X, factor: float | Tensor) -> X:
    """factor * y / divisor."""
    return y * factor / divisor


def add_ratio(x: X, y: X, divisor: X, factor: float | Tensor) -> X:
    """x + factor * y / divisor."""
    if x.is_cpu and not isinstance(factor, Tensor):
        return x.addcdiv(y, divisor, value=factor)
    return x + ratio(y, divisor, factor)


def add_ratio_(x: X, y: X, divisor: X, factor: float | Tensor) -> X:
    """The same in the place of x."""
    if x.is_cpu and not isinstance(factor, Tensor):
        return x.addcdiv_(y, divisor, value=factor)
    return x.add_(ratio(y, divisor, factor))


def as_matrix(x: Tensor, w: Tensor) -> Tensor:
    """What there is one of for each element, as a matrix of inputs and outputs."""
    return x.expand(w.shape).reshape(w.shape[0], -1).mT


def as_parameter(matrix: Tensor, w: Tensor) -> Tensor:
    """A matrix of inputs and outputs in the shape of a parameter."""
    return matrix.mT.reshape(w.shape)


def symmetric_eigen(matrix: Tensor) -> tuple[Tensor, Tensor, Tensor] | None:
    """Eigenvalues from the largest down, eigenvectors and a unit, in 64 bits.

    A matrix is divided by the unit first, so that nothing overflows or vanishes. The
    first of the largest numbers of an eigenvector is positive. None where a number is
    not finite.
    """
    wide = matrix.double()
    largest = wide.abs().amax()
    if not bool(torch.isfinite(largest)):
        return None
    unit = torch.exp2(torch.floor(torch.log2(torch.where(largest > 0, largest, 1.0))))
    half = wide / unit / 2
    values, vectors = torch.linalg.eigh(half + half.mT)
    # From the largest down, and equal ones in the order they were found in.
    order = torch.argsort(values, descending=True, stable=True)
    values, vectors = values[order], vectors[:, order]
    # Numbers that differ by rounding count as equal, so that rounding decides no sign.
    sizes = vectors.abs()
    first = (sizes >= 0.999 * sizes.amax(0)).to(torch.int8).argmax(0, keepdim=True)
    leading = vectors.gather(0, first)
    return values, torch.where(leading < 0, -vectors, vectors), unit


def inverse_root(matrix: Tensor, p: float) -> Tensor:
    """A symmetric, positive semidefinite matrix to the power -1/p.

    Eigenvalues that may be 0 count for nothing, as in a pseudoinverse; all numbers are
    NaN where one is negative by more than rounding explains.
    """
    pairs = symmetric_eigen(matrix)
    if pairs is None:
        return torch.full_like(matrix, torch.nan)
    values, vectors, unit = pairs
    size = len(values) * values[0]
    if bool((values < -(2**-23) * size).any()):
        return torch.full_like(matrix, torch.nan)
    powers = torch.pow(values * unit, -1 / p)
    factors = torch.where(values > 2**-52 * size, powers, 0.0)
    return ((factors * vectors) @ vectors.mT).to(matrix.dtype)


def eigenvectors(matrix: Tensor) -> Tensor:
    """The eigenvectors of a symmetric matrix as columns, the largest value's first."""
    pairs = symmetric_eigen(matrix)
    if pairs is None:
        return torch.full_like(matrix, torch.nan)
    return pairs[1].to(matrix.dtype)


def orthonormal(matrix: Tensor) -> Tensor:
    """Q of the QR decomposition whose R has no negative number on its diagonal.

    Columns beyond as many as there are rows are 0.
    """
    wide = matrix.double()
    largest = wide.abs().amax()
    if not bool(torch.isfinite(largest)):
        return torch.full_like(matrix, torch.nan)
    rows, columns = matrix.shape
    unit = torch.where(largest > 0, largest, 1.0)
    q, r = torch.linalg.qr(wide[:, : min(rows, columns)] / unit)
    signs = torch.where(r.diagonal() < 0, -1.0, 1.0)
    result = torch.zeros_like(matrix)
    result[:, : q.shape[1]] = (q * signs).to(matrix.dtype)
    return result


def identity(count: int, w: Tensor) -> Tensor:
    """The identity matrix with as many rows."""
    return torch.eye(count, dtype=w.dtype, device=w.device)


WORD = 0xFFFFFFFF


def threefry(
    key: tuple[int, int], first: int | Tensor, second: int | Tensor
) -> tuple[int | Tensor, int | Tensor]:
    """Threefry-2x32 with 20 rounds (Salmon and others, 2011)."""
    words = (*key, 0x1BD11BDA ^ key[0] ^ key[1])
    a = (first + words[0]) & WORD
    b = (second + words[1]) & WORD
    for group in range(5):
        for bits in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:
            a = (a + b) & WORD
            b = ((b << bits) & WORD | (b >> (32 - bits))) ^ a
        a = (a + words[(group + 1) % 3]) & WORD
        b = (b + words[(group + 2) % 3] + group + 1) & WORD
    return a, b


def draw_key(seed: int, name: str, site: int, index: int) -> tuple[int, int]:
    """The key of the draws of an operator at a place, for a parameter."""
    key = ((seed >> 32) & WORD, seed & WORD)
    for step in (*name, site, index):
        is_letter = isinstance(step, str)
        counter = ord(step) if isinstance(step, str) else step
        a, b = threefry(key, counter & WORD, int(is_letter))
        key = (int(a), int(b))
    return key


def draw_words(w: Tensor, key: tuple[int, int], t: int) -> Tensor:
    """A word of 32 bits for each element."""
    elements = torch.arange(w.numel(), device=w.device)
    words, _ = threefry(key, torch.full_like(elements, t), elements)
    assert isinstance(words, Tensor)
    return words.reshape(w.shape)


def dropout(x: Tensor, rate: float, w: Tensor, key: tuple[int, int], t: int) -> Tensor:
    """0 with probability ``rate``, else the number divided by 1 - rate."""
    uniform = (draw_words(w, key, t) >> 8).double() * 2.0**-24
    rounded = torch.as_tensor(rate, dtype=x.dtype).double()
    kept = (x.double() / (1 - rounded)).to(x.dtype)
    return torch.where(uniform >= rounded, kept, 0.0)


CENTRE = (
    2509.0809287301226727,
    33430.575583588128105,
    67265.770927008700853,
    45921.953931549871457,
    13731.693765509461125,
    1971.5909503065514427,
    133.14166789178437745,
    3.387132872796366608,
)


CENTRE_DIVISOR = (
    5226.495278852854561,
    28729.085735721942674,
    39307.89580009271061,
    21213.794301586595867,
    5394.1960214247511077,
    687.1870074920579083,
    42.313330701600911252,
    1.0,
)


TAIL = (
    7.7454501427834140764e-4,
    0.0227238449892691845833,
    0.24178072517745061177,
    1.27045825245236838258,
    3.64784832476320460504,
    5.7694972214606914055,
    4.6303378461565452959,
    1.42343711074968357734,
)


TAIL_DIVISOR = (
    1.05075007164441684324e-9,
    5.475938084995344946e-4,
    0.0151986665636164571966,
    0.14810397642748007459,
    0.68976733498510000455,
    1.6763848301838038494,
    2.05319162663775882187,
    1.0,
)


def horner(coefficients: tuple[float, ...], x: Tensor) -> Tensor:
    """The value of a polynomial, the coefficient of the highest power first."""
    total = torch.zeros_like(x)
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


def tail_logarithm(words: Tensor) -> Tensor:
    """-log((word + 0.5) / 2**32), of arithmetic that is rounded alike everywhere."""
    factor, exponent = torch.frexp((2 * words + 1).double())
    is_low = factor < math.sqrt(0.5)
    factor = torch.where(is_low, factor * 2, factor)
    exponent = torch.where(is_low, exponent - 1, exponent)
    s = (factor - 1) / (factor + 1)
    total = torch.zeros_like(s)
    for odd in range(19, 0, -2):
        total = total * s * s + 1 / odd
    return (33 - exponent).double() * math.log(2) - 2 * s * total


def normal_quantile(words: Tensor) -> Tensor:
    """The normal numbers of words of 32 bits (Wichura, 1988, Algorithm AS 241)."""
    q = (words.double() + 0.5) * 2.0**-32 - 0.5
    r = 0.180625 - q * q
    centre = q * horner(CENTRE, r) / horner(CENTRE_DIVISOR, r)
    s = torch.sqrt(tail_logarithm(torch.where(q < 0, words, WORD - words))) - 1.6
    size = horner(TAIL, s) / horner(TAIL_DIVISOR, s)
    tail = torch.where(q < 0, -size, size)
    return torch.where(q.abs() <= 0.425, centre, tail).float()


def normal(w: Tensor, key: tuple[int, int], t: int) -> Tensor:
    """A standard normal number for each element, to the bit the same everywhere."""
    return normal_quantile(draw_words(w, key, t)).to(w.dtype)


Hidden = Callable[[str, Tensor], bool]


def of_all(x: Tensor, other: Tensor) -> Tensor:
    """The numbers that processes found, each for its shard of another tensor."""
    # Where a tensor is cut the module is there.
    from torch.distributed.tensor import Shard

    cut: Any = other
    places = [Shard(0) if each.is_shard() else each for each in cut.placements]
    everywhere: Any = type(other)
    found = everywhere.from_local(
        x.reshape(1), cut.device_mesh, places, run_check=False
    )
    return whole(found)


def added_by(
    add: Callable[[Slot[Tensor], Numbers], tuple[Tensor, ...]],
    slot: Slot[Tensor],
    numbers: Numbers,
) -> tuple[Tensor, ...]:
    """What a parameter adds to totals, or each of its shards does."""
    if not is_cut(slot.w):
        return add(slot, numbers)
    own = sharded(slot)
    if own.w.numel() > 0:
        parts = add(own, numbers)
    else:
        single = changed(own, lambda x: x.new_zeros(1))
        parts = tuple(torch.zeros_like(part) for part in add(single, numbers))
    return tuple(of_all(part, slot.w) for part in parts)


def stacked(added: list[tuple[Tensor, ...]], place: int) -> Tensor:
    """What all parameters add to a total, behind a 0."""
    parts = [each[place].reshape(-1) for each in added]
    if not parts:
        return torch.zeros(1)
    return torch.cat([parts[0].new_zeros(1), *parts])


def steps_of(total_steps: int | None) -> float:
    """The number of steps of the run, NaN where it is not given."""
    return math.nan if total_steps is None else total_steps


def run_number(group: dict[str, Any], x: float) -> Tensor:
    """A number of the run that rests on gradients, where the parameters are."""
    device = group["params"][0].device
    return torch.tensor(x, dtype=torch.float32, device=device)


Number = float | Tensor


def exactly(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """What a function gives in 64 bits, rounded once."""
    return function(x.double()).to(x.dtype)


def like(x: Number, other: Tensor) -> Tensor:
    """A number as a tensor, or a tensor as it is."""
    return x if isinstance(x, Tensor) else other.new_tensor(x)


def tensor_of(a: Number, b: Number) -> Tensor:
    """The one of two that is a tensor, the larger of two tensors."""
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return a if a.numel() >= b.numel() else b
    return a if isinstance(a, Tensor) else like(b, torch.empty(()))


def tensor_power(base: Number, exponent: Number) -> Tensor:
    """The power, rounded once."""
    some = tensor_of(base, exponent)
    return torch.pow(like(base, some).double(), exponent).to(some.dtype)


def tensor_sign(x: Tensor) -> Tensor:
    """1 for positive numbers, -1 for negative ones, else the number itself."""
    return torch.where(x > 0, 1.0, torch.where(x < 0, -1.0, x))


def tensor_minimum(a: Number, b: Number) -> Tensor:
    """The smaller of two numbers: NaN if either is, and -0 below 0."""
    some = tensor_of(a, b)
    a, b = like(a, some), like(b, some)
    smaller = torch.minimum(a, b)
    return torch.where((a == 0) & (b == 0), -(-a + -b), smaller)


def tensor_maximum(a: Number, b: Number) -> Tensor:
    """The larger of two numbers: NaN if either is, and 0 above -0."""
    some = tensor_of(a, b)
    a, b = like(a, some), like(b, some)
    return torch.where((a == 0) & (b == 0), a + b, torch.maximum(a, b))


def tensor_modulo(a: Number, b: Number) -> Tensor:
    """The remainder of a floored division, with the sign of the divisor."""
    some = tensor_of(a, b)
    divisor = like(b, some).double()
    rest = torch.remainder(like(a, some).double(), divisor)
    signed = torch.where(rest == 0, torch.copysign(rest, divisor), rest)
    return signed.to(some.dtype)


def tensor_relu(x: Tensor) -> Tensor:
    """The number where it is positive, else 0."""
    return torch.where(x <= 0, 0.0, x)


def tensor_negative_part(x: Tensor) -> Tensor:
    """The number where it is negative, else 0."""
    return torch.where(x > 0, 0.0, x)


def tensor_sigmoid(x: Tensor) -> Tensor:
    """The logistic function, also where it is tiny."""
    return torch.exp(x.clamp(max=0)) / (1 + torch.exp(-x.abs()))


def tensor_softplus(x: Tensor) -> Tensor:
    """The logarithm of 1 + exp(x)."""
    return tensor_relu(x) + torch.log1p(torch.exp(-x.abs()))


def tensor_softsign(x: Tensor) -> Tensor:
    """x / (1 + abs(x))."""
    return x / (x.abs() + 1)


def tensor_log_abs(x: Tensor) -> Tensor:
    """The logarithm of abs(x) + 1e-7, rounded once."""
    return torch.log(x.double().abs() + 1e-7).to(x.dtype)


def tensor_log_one_plus_exp(x: Tensor) -> Tensor:
    """The logarithm of 1 + exp(x) + 1e-7."""
    top = tensor_relu(x)
    rest = torch.exp(-x.abs()) + 1e-7 * torch.exp(-top)
    return top + torch.log1p(rest)


def tensor_sigmoid_derivative(x: Tensor) -> Tensor:
    """The derivative of the logistic function."""
    e = torch.exp(-x.abs())
    return e / (e + 1).square()


def tensor_tanh_derivative(x: Tensor) -> Tensor:
    """The derivative of tanh, also where it is tiny."""
    return 4 * tensor_sigmoid_derivative(2 * x)


def tensor_add_epsilon(x: Tensor) -> Tensor:
    """x + 1e-7, the sum in more digits than 1e-7 has as a number of 32 bits."""
    return (x.double() + 1e-7).to(x.dtype)


def tensor_damp(a: Number, b: Number) -> Tensor:
    """a / sqrt(1 + b^2)."""
    some = tensor_of(a, b)
    size = like(b, some).double()
    return a / torch.sqrt(1 + size * size).to(some.dtype)


def tensor_clip(x: Number, bound: Number) -> Tensor:
    """The number limited to [-abs(bound), abs(bound)]."""
    size = bound.abs() if isinstance(bound, Tensor) else abs(bound)
    return tensor_minimum(tensor_maximum(x, -size), size)


def norm(x: Tensor) -> Tensor:
    """The euclidean norm, in 64 bits so that squares neither overflow nor vanish."""
    return torch.linalg.vector_norm(x, dtype=torch.float64).to(x.dtype)


def input_axes(w: Tensor) -> tuple[int, ...]:
    """The axes of the inputs: all but the first, which that of the outputs is."""
    return tuple(range(1, w.ndim))


def output_axes(w: Tensor) -> tuple[int, ...]:
    """The axis of the outputs: the first."""
    return (0,) if w.ndim > 0 else ()


def sum_over(axes: tuple[int, ...], x: Tensor) -> Tensor:
    """The sums along some axes, which keep the length 1."""
    return x.sum(axes, keepdim=True) if axes else x.clone()


def mean_over(axes: tuple[int, ...], x: Tensor) -> Tensor:
    """The means along some axes, which keep the length 1."""
    return x.mean(axes, keepdim=True) if axes else x.clone()


def max_abs_over(axes: tuple[int, ...], x: Tensor) -> Tensor:
    """The largest sizes along some axes, which keep the length 1."""
    return x.abs().amax(axes, keepdim=True) if axes else x.abs()


def norm_over(axes: tuple[int, ...], x: Tensor) -> Tensor:
    """The euclidean norms along some axes, which keep the length 1."""
    if not axes:
        return x.abs()
    wide = torch.linalg.vector_norm(x, dim=axes, keepdim=True, dtype=torch.float64)
    return wide.to(x.dtype)


def fan_out(w: Tensor) -> int:
    """The number of outputs of each input: all but the axis of the inputs."""
    return w.numel() if w.ndim < 2 else w.numel() // w.shape[1]


def fan_in(w: Tensor) -> int:
    """The number of inputs of each output: all but the axis of the outputs."""
    return w.numel() if w.ndim < 2 else w.numel() // w.shape[0]


def count_outputs(w: Tensor) -> int:
    """The length of the axis of the outputs."""
    return w.shape[0] if w.ndim > 0 else 1


def count_inputs(w: Tensor) -> int:
    """The length of the axis of the inputs; 1 for a vector."""
    return w.numel() // count_outputs(w)


def spread(w: Tensor, axes: tuple[int, ...], x: Number) -> Tensor:
    """A number for each place beside some axes, which have the length 1."""
    shape = [1 if axis in axes else length for axis, length in enumerate(w.shape)]
    result = w.new_empty(shape)
    return result.copy_(x) if isinstance(x, Tensor) else result.fill_(x)


def check_side(length: int, longest: int, axis: str, reason: str) -> None:
    """Refuse a parameter that is too long for what a rule makes of it.

    Raises:
        ValueError: It has more inputs or outputs than that.
    """
    if length > longest:
        raise ValueError(
            f"a parameter has {length} {axis}, and at most {longest} can be taken: "
            f"{reason}"
        )
