// Written from the files of prelude by `npm run generate`.
import type { PythonPiece } from '../python/piece.ts'

/** The name of a piece of the prelude. */
export type PreludeName =
  | 'smaller'
  | 'larger'
  | 'remainder'
  | 'power_of'
  | 'positive_part'
  | 'negative_part'
  | 'logistic'
  | 'soft_plus'
  | 'log_one_plus_exponential'
  | 'logistic_slope'
  | 'tanh_slope'
  | 'limited'
  | 'power_of_two'
  | 'scaled_norm'
  | 'norm'
  | 'max_abs'
  | 'input_axes'
  | 'output_axes'
  | 'sum_over'
  | 'mean_over'
  | 'max_abs_over'
  | 'norm_over'
  | 'fan_out'
  | 'fan_in'
  | 'count_outputs'
  | 'count_inputs'
  | 'filled'
  | 'spread'
  | 'value_at'
  | 'check_hyperparameter'
  | 'Number'
  | 'ABSENT'
  | 'wide'
  | 'fitted'
  | 'flattened'
  | 'start_leaves'
  | 'update_leaves'
  | 'evaluated'
  | 'add_leaves'
  | 'stacked'
  | 'places'
  | 'mask_of'
  | 'as_matrix'
  | 'as_array'
  | 'product'
  | 'widest'
  | 'symmetric_eigen'
  | 'inverse_root'
  | 'eigenvectors'
  | 'orthonormal'
  | 'Words'
  | 'threefry'
  | 'draw_key'
  | 'draw_words'
  | 'dropout'
  | 'normal'
  | 'CENTRE'
  | 'CENTRE_DIVISOR'
  | 'TAIL'
  | 'TAIL_DIVISOR'
  | 'normal_quantile'
  | 'tail_logarithm'

/** What emitted modules carry as it is: each piece by its name. */
export const preludeSources: Readonly<Record<PreludeName, PythonPiece>> = {
  smaller: {"text":"def smaller(a: Number, b: Number) -> jax.Array:\n    \"\"\"The smaller of two numbers: NaN if either is, and -0 below 0.\"\"\"\n    a, b = jnp.asarray(a), jnp.asarray(b)\n    return jnp.where((a == 0) & (b == 0), -(-a + -b), jnp.minimum(a, b))","uses":["Number"],"imports":["import jax","import jax.numpy as jnp"]},
  larger: {"text":"def larger(a: Number, b: Number) -> jax.Array:\n    \"\"\"The larger of two numbers: NaN if either is, and 0 above -0.\"\"\"\n    a, b = jnp.asarray(a), jnp.asarray(b)\n    return jnp.where((a == 0) & (b == 0), a + b, jnp.maximum(a, b))","uses":["Number"],"imports":["import jax","import jax.numpy as jnp"]},
  remainder: {"text":"def remainder(a: Number, b: Number) -> jax.Array:\n    \"\"\"The remainder of a floored division, with the sign of the divisor.\"\"\"\n    rest = jnp.fmod(a, b)\n    moved = jnp.where((rest < 0) != (jnp.asarray(b) < 0), rest + b, rest)\n    return jnp.where(rest == 0, jnp.copysign(rest, b), moved)","uses":["Number"],"imports":["import jax","import jax.numpy as jnp"]},
  power_of: {"text":"def power_of(base: jax.Array, exponent: Number) -> jax.Array:\n    \"\"\"The power, also of subnormal numbers: XLA takes them for 0 elsewhere.\"\"\"\n    least = jnp.finfo(base.dtype).tiny\n    return jnp.where(jnp.abs(base) < least, 0.0 * base, base) ** exponent","uses":["Number"],"imports":["import jax","import jax.numpy as jnp"]},
  positive_part: {"text":"def positive_part(x: Number) -> jax.Array:\n    \"\"\"The number where it is positive, else 0.\"\"\"\n    x = jnp.asarray(x)\n    return jnp.where(x <= 0, 0.0, x)","uses":["Number"],"imports":["import jax","import jax.numpy as jnp"]},
  negative_part: {"text":"def negative_part(x: Number) -> jax.Array:\n    \"\"\"The number where it is negative, else 0.\"\"\"\n    x = jnp.asarray(x)\n    return jnp.where(x > 0, 0.0, x)","uses":["Number"],"imports":["import jax","import jax.numpy as jnp"]},
  logistic: {"text":"def logistic(x: Number) -> jax.Array:\n    \"\"\"The logistic function, also where it is tiny.\"\"\"\n    return jnp.exp(jnp.minimum(x, 0.0)) / (1 + jnp.exp(-jnp.abs(x)))","uses":["Number"],"imports":["import jax","import jax.numpy as jnp"]},
  soft_plus: {"text":"def soft_plus(x: Number) -> jax.Array:\n    \"\"\"The logarithm of 1 + exp(x).\"\"\"\n    return positive_part(x) + jnp.log1p(jnp.exp(-jnp.abs(x)))","uses":["positive_part","Number"],"imports":["import jax","import jax.numpy as jnp"]},
  log_one_plus_exponential: {"text":"def log_one_plus_exponential(x: Number) -> jax.Array:\n    \"\"\"The logarithm of 1 + exp(x) + 1e-7.\"\"\"\n    top = positive_part(x)\n    return top + jnp.log1p(jnp.exp(-jnp.abs(x)) + 1e-7 * jnp.exp(-top))","uses":["positive_part","Number"],"imports":["import jax","import jax.numpy as jnp"]},
  logistic_slope: {"text":"def logistic_slope(x: Number) -> jax.Array:\n    \"\"\"The derivative of the logistic function.\"\"\"\n    e = jnp.exp(-jnp.abs(x))\n    return e / jnp.square(e + 1)","uses":["Number"],"imports":["import jax","import jax.numpy as jnp"]},
  tanh_slope: {"text":"def tanh_slope(x: Number) -> jax.Array:\n    \"\"\"The derivative of tanh, also where it is tiny.\"\"\"\n    return 4 * logistic_slope(2 * x)","uses":["logistic_slope","Number"],"imports":["import jax"]},
  limited: {"text":"def limited(x: Number, bound: Number) -> jax.Array:\n    \"\"\"The number limited to [-abs(bound), abs(bound)].\"\"\"\n    size = jnp.abs(bound)\n    return smaller(larger(x, -size), size)","uses":["smaller","larger","Number"],"imports":["import jax","import jax.numpy as jnp"]},
  power_of_two: {"text":"def power_of_two(size: jax.Array) -> jax.Array:\n    \"\"\"A power of two close to a size: no digit changes of what is divided by it.\"\"\"\n    is_usable = (size > 0) & (size < jnp.inf)\n    _, exponent = jnp.frexp(jnp.where(is_usable, size, 1.0))\n    # Its reciprocal must not be subnormal either: XLA multiplies by that.\n    return jnp.ldexp(jnp.ones_like(size), jnp.clip(exponent - 1, -125, 125))","uses":[],"imports":["import jax","import jax.numpy as jnp"]},
  scaled_norm: {"text":"def scaled_norm(x: jax.Array, axes: tuple[int, ...] | None, keepdims: bool) -> Any:\n    \"\"\"The euclidean norm; squares neither overflow nor vanish on the way.\"\"\"\n    largest = jnp.max(jnp.abs(x), axis=axes, keepdims=True, initial=0.0)\n    unit = power_of_two(largest)\n    total = jnp.sum(jnp.square(x / unit), axis=axes, keepdims=True)\n    root = jnp.sqrt(total) * unit\n    return root if keepdims else root.reshape(())","uses":["power_of_two"],"imports":["from typing import Any","import jax","import jax.numpy as jnp"]},
  norm: {"text":"def norm(x: jax.Array) -> jax.Array:\n    \"\"\"The euclidean norm.\"\"\"\n    return scaled_norm(x, None, keepdims=False)","uses":["scaled_norm"],"imports":["import jax"]},
  max_abs: {"text":"def max_abs(x: jax.Array) -> jax.Array:\n    \"\"\"The largest size.\"\"\"\n    return jnp.max(jnp.abs(x), initial=0.0)","uses":[],"imports":["import jax","import jax.numpy as jnp"]},
  input_axes: {"text":"def input_axes(w: jax.Array) -> tuple[int, ...]:\n    \"\"\"The axes of the inputs: all but the last, which that of the outputs is.\"\"\"\n    return tuple(range(w.ndim - 1))","uses":[],"imports":["import jax"]},
  output_axes: {"text":"def output_axes(w: jax.Array) -> tuple[int, ...]:\n    \"\"\"The axis of the outputs: the last.\"\"\"\n    return (w.ndim - 1,) if w.ndim > 0 else ()","uses":[],"imports":["import jax"]},
  sum_over: {"text":"def sum_over(axes: tuple[int, ...], x: jax.Array) -> jax.Array:\n    \"\"\"The sums along some axes, which keep the length 1.\"\"\"\n    return jnp.sum(x, axis=axes, keepdims=True)","uses":[],"imports":["import jax","import jax.numpy as jnp"]},
  mean_over: {"text":"def mean_over(axes: tuple[int, ...], x: jax.Array) -> jax.Array:\n    \"\"\"The means along some axes, which keep the length 1.\"\"\"\n    return jnp.mean(x, axis=axes, keepdims=True)","uses":[],"imports":["import jax","import jax.numpy as jnp"]},
  max_abs_over: {"text":"def max_abs_over(axes: tuple[int, ...], x: jax.Array) -> jax.Array:\n    \"\"\"The largest sizes along some axes, which keep the length 1.\"\"\"\n    return jnp.max(jnp.abs(x), axis=axes, keepdims=True, initial=0.0)","uses":[],"imports":["import jax","import jax.numpy as jnp"]},
  norm_over: {"text":"def norm_over(axes: tuple[int, ...], x: jax.Array) -> jax.Array:\n    \"\"\"The euclidean norms along some axes, which keep the length 1.\"\"\"\n    return scaled_norm(x, axes, keepdims=True) if axes else jnp.abs(x)","uses":["scaled_norm"],"imports":["import jax","import jax.numpy as jnp"]},
  fan_out: {"text":"def fan_out(w: jax.Array) -> int:\n    \"\"\"The number of outputs of each input: all but the axis of the inputs.\"\"\"\n    return w.size if w.ndim < 2 else w.size // max(w.shape[-2], 1)","uses":[],"imports":["import jax"]},
  fan_in: {"text":"def fan_in(w: jax.Array) -> int:\n    \"\"\"The number of inputs of each output: all but the axis of the outputs.\"\"\"\n    return w.size if w.ndim < 2 else w.size // max(w.shape[-1], 1)","uses":[],"imports":["import jax"]},
  count_outputs: {"text":"def count_outputs(w: jax.Array) -> int:\n    \"\"\"The length of the axis of the outputs.\"\"\"\n    return w.shape[-1] if w.ndim > 0 else 1","uses":[],"imports":["import jax"]},
  count_inputs: {"text":"def count_inputs(w: jax.Array) -> int:\n    \"\"\"The length of all other axes together; 1 for a vector.\"\"\"\n    return math.prod(w.shape[:-1])","uses":[],"imports":["import math","import jax"]},
  filled: {"text":"def filled(x: Number, shape: Sequence[int], w: jax.Array) -> jax.Array:\n    \"\"\"What stands for many numbers, in an array that has all of them.\"\"\"\n    return jnp.broadcast_to(jnp.asarray(x).astype(w.dtype), shape)","uses":["Number"],"imports":["from collections.abc import Sequence","import jax","import jax.numpy as jnp"]},
  spread: {"text":"def spread(w: jax.Array, axes: tuple[int, ...], x: Number) -> jax.Array:\n    \"\"\"A number for each place beside some axes, which have the length 1.\"\"\"\n    shape = [1 if axis in axes else length for axis, length in enumerate(w.shape)]\n    return jnp.broadcast_to(jnp.asarray(x).astype(w.dtype), shape)","uses":["Number"],"imports":["import jax","import jax.numpy as jnp"]},
  value_at: {"text":"def value_at(given: optax.ScalarOrSchedule, count: Number) -> Any:\n    \"\"\"The value of a hyperparameter at a step.\"\"\"\n    return given(count) if callable(given) else given","uses":["Number"],"imports":["from typing import Any","import optax"]},
  check_hyperparameter: {"text":"def check_hyperparameter(\n    name: str, given: Any, low: float, high: float, ends: str\n) -> None:\n    \"\"\"Refuse numbers that a hyperparameter cannot be.\n\n    Arrays and schedules are not looked at: their values may be unknown yet.\n\n    Raises:\n        TypeError: It is neither a number, an array nor a schedule.\n        ValueError: It is a number outside its interval.\n    \"\"\"\n    if callable(given) or isinstance(given, jax.Array) or hasattr(given, \"dtype\"):\n        return\n    if isinstance(given, bool) or not isinstance(given, (int, float)):\n        raise TypeError(\n            f\"{name} must be a number, an array of one or a schedule, not \"\n            f\"{type(given).__name__}\"\n        )\n    above = given > low or (given == low and ends[0] == \"[\")\n    below = given < high or (given == high and ends[1] == \"]\")\n    if not (above and below):\n        raise ValueError(\n            f\"{name} is {given:g}; it must be in {ends[0]}{low:g}, {high:g}{ends[1]}\"\n        )","uses":[],"imports":["from typing import Any","import jax"]},
  Number: {"text":"Number = float | jax.Array","uses":[],"imports":["import jax"]},
  ABSENT: {"text":"ABSENT = optax.MaskedNode()","uses":[],"imports":["import optax"]},
  wide: {"text":"def wide(x: Any) -> Any:\n    \"\"\"An array in 32 bits at least; anything else as it is.\"\"\"\n    is_short = getattr(x, \"dtype\", None) in (jnp.bfloat16, jnp.float16)\n    return x.astype(jnp.float32) if is_short else x","uses":[],"imports":["from typing import Any","import jax.numpy as jnp"]},
  fitted: {"text":"def fitted(x: Any, old: Any) -> Any:\n    \"\"\"A value in the shape and type of what it takes the place of.\"\"\"\n    if isinstance(old, optax.MaskedNode):\n        return old\n    return jnp.broadcast_to(jnp.asarray(x).astype(old.dtype), old.shape)","uses":[],"imports":["from typing import Any","import jax.numpy as jnp","import optax"]},
  flattened: {"text":"def flattened(tree: Any) -> tuple[list[Any], Any]:\n    \"\"\"The arrays of a tree, and what it is beside them.\"\"\"\n    return jax.tree.leaves(tree), jax.tree.structure(tree)","uses":[],"imports":["from typing import Any","import jax"]},
  start_leaves: {"text":"def start_leaves(\n    function: Callable[..., tuple[Any, ...]], params: Any, count: int, *others: Any\n) -> list[Any]:\n    \"\"\"A tree for each of the ``count`` values that a function gives for an array.\"\"\"\n    leaves, structure = flattened(params)\n    rest = [structure.flatten_up_to(tree) for tree in others]\n    rows = zip(map(wide, leaves), *rest, strict=True)\n    starts = [function(*row) for row in rows]\n    return [structure.unflatten([each[i] for each in starts]) for i in range(count)]","uses":["wide","flattened"],"imports":["from collections.abc import Callable","from typing import Any"]},
  update_leaves: {"text":"def update_leaves(\n    function: Callable[..., tuple[Any, ...]], trees: Sequence[Any], *others: Any\n) -> list[Any]:\n    \"\"\"The trees with what a function makes of their arrays in the place of these.\n\n    The function is given an array of each tree and what ``others`` have there.\n    \"\"\"\n    leaves, structure = flattened(trees[0])\n    old = [leaves, *(structure.flatten_up_to(tree) for tree in trees[1:])]\n    rest = [structure.flatten_up_to(tree) for tree in others]\n    rows = zip(*(map(wide, each) for each in (*old, *rest)), strict=True)\n    new = [function(*row) for row in rows]\n    return [\n        structure.unflatten(\n            [fitted(row[i], each) for row, each in zip(new, own, strict=True)]\n        )\n        for i, own in enumerate(old)\n    ]","uses":["wide","fitted","flattened"],"imports":["from collections.abc import Callable","from collections.abc import Sequence","from typing import Any"]},
  evaluated: {"text":"def evaluated(\n    function: Callable[..., Any], count: Number, params: Any, *others: Any\n) -> Any:\n    \"\"\"What a function gives for parameters; these themselves before the first step.\"\"\"\n\n    def evaluate(w: Any, *rest: Any) -> jax.Array:\n        value = fitted(function(wide(w), *rest), w)\n        return jnp.where(count > 0, value, w)\n\n    return jax.tree.map(evaluate, params, *others)","uses":["Number","wide","fitted"],"imports":["from collections.abc import Callable","from typing import Any","import jax","import jax.numpy as jnp"]},
  add_leaves: {"text":"def add_leaves(\n    function: Callable[..., tuple[jax.Array, ...]],\n    trees: Sequence[Any],\n    *others: Any,\n) -> list[tuple[jax.Array, ...]]:\n    \"\"\"What a function gives for the arrays of trees, in their order.\"\"\"\n    leaves, structure = flattened(trees[0])\n    rest = [structure.flatten_up_to(tree) for tree in (*trees[1:], *others)]\n    rows = zip(*(map(wide, each) for each in (leaves, *rest)), strict=True)\n    return [function(*row) for row in rows]","uses":["wide","flattened"],"imports":["from collections.abc import Callable","from collections.abc import Sequence","from typing import Any","import jax"]},
  stacked: {"text":"def stacked(added: list[tuple[jax.Array, ...]], place: int) -> jax.Array:\n    \"\"\"What all arrays add to a total, behind a 0.\"\"\"\n    return jnp.stack([jnp.zeros([]), *(each[place] for each in added)])","uses":[],"imports":["import jax","import jax.numpy as jnp"]},
  places: {"text":"def places(tree: Any) -> Any:\n    \"\"\"The place of each array among those of a tree.\"\"\"\n    leaves, structure = flattened(tree)\n    return structure.unflatten(list(range(len(leaves))))","uses":["flattened"],"imports":["from typing import Any"]},
  mask_of: {"text":"def mask_of(hidden: Any, params: Any) -> Any:\n    \"\"\"Which arrays are those of hidden layers: all, where nothing is said.\"\"\"\n    if hidden is None:\n        return jax.tree.map(lambda _: True, params)\n    return hidden(params) if callable(hidden) else hidden","uses":[],"imports":["from typing import Any","import jax"]},
  as_matrix: {"text":"def as_matrix(x: jax.Array, w: jax.Array) -> jax.Array:\n    \"\"\"What there is one of for each element, as a matrix of inputs and outputs.\"\"\"\n    return jnp.broadcast_to(x, w.shape).reshape(count_inputs(w), count_outputs(w))","uses":["count_outputs","count_inputs"],"imports":["import jax","import jax.numpy as jnp"]},
  as_array: {"text":"def as_array(matrix: jax.Array, w: jax.Array) -> jax.Array:\n    \"\"\"A matrix of inputs and outputs in the shape of a parameter.\"\"\"\n    return matrix.reshape(w.shape)","uses":[],"imports":["import jax"]},
  product: {"text":"def product(a: jax.Array, b: jax.Array) -> jax.Array:\n    \"\"\"The product of matrices, in all digits also where a device would take fewer.\"\"\"\n    return jnp.matmul(a, b, precision=\"highest\")","uses":[],"imports":["import jax","import jax.numpy as jnp"]},
  widest: {"text":"def widest(x: jax.Array) -> jax.Array:\n    \"\"\"An array in 64 bits where JAX has them, else in 32.\"\"\"\n    return x.astype(float)","uses":[],"imports":["import jax"]},
  symmetric_eigen: {"text":"def symmetric_eigen(matrix: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:\n    \"\"\"Eigenvalues from the largest down, eigenvectors and a unit.\n\n    A matrix is divided by the unit first, so that nothing overflows or vanishes. The\n    first of the largest numbers of an eigenvector is positive. All is NaN where a\n    number is not finite.\n    \"\"\"\n    exact = widest(matrix)\n    largest = jnp.max(jnp.abs(exact), initial=0.0)\n    unit = power_of_two(largest)\n    half = exact / unit / 2\n    values, vectors = jnp.linalg.eigh(half + half.T)\n    # From the largest down, and equal ones in the order they were found in.\n    order = jnp.argsort(values, descending=True, stable=True)\n    values, vectors = values[order], vectors[:, order]\n    # Numbers that differ by rounding count as equal, so that rounding decides no sign.\n    sizes = jnp.abs(vectors)\n    first = jnp.argmax(sizes >= 0.999 * jnp.max(sizes, axis=0), axis=0)\n    leading = jnp.take_along_axis(vectors, first[None, :], axis=0)\n    finite = jnp.where(jnp.isfinite(largest), 1.0, jnp.nan)\n    return values * finite, jnp.where(leading < 0, -vectors, vectors) * finite, unit","uses":["power_of_two","widest"],"imports":["import jax","import jax.numpy as jnp"]},
  inverse_root: {"text":"def inverse_root(matrix: jax.Array, p: Number) -> jax.Array:\n    \"\"\"A symmetric, positive semidefinite matrix to the power -1/p.\n\n    Eigenvalues that may be 0 count for nothing, as in a pseudoinverse; all numbers are\n    NaN where one is negative by more than rounding explains.\n    \"\"\"\n    values, vectors, unit = symmetric_eigen(matrix)\n    size = len(values) * values[0]\n    powers = jnp.power(values * unit, -1 / p)\n    least = jnp.finfo(values.dtype).eps * size\n    factors = jnp.where(values > least, powers, 0.0)\n    is_negative = jnp.any(~(values >= -(2**-23) * size))\n    root = product(factors * vectors, vectors.T)\n    return jnp.where(is_negative, jnp.nan, root).astype(matrix.dtype)","uses":["Number","product","symmetric_eigen"],"imports":["import jax","import jax.numpy as jnp"]},
  eigenvectors: {"text":"def eigenvectors(matrix: jax.Array) -> jax.Array:\n    \"\"\"The eigenvectors of a symmetric matrix as columns, the largest value's first.\"\"\"\n    return symmetric_eigen(matrix)[1].astype(matrix.dtype)","uses":["symmetric_eigen"],"imports":["import jax"]},
  orthonormal: {"text":"def orthonormal(matrix: jax.Array) -> jax.Array:\n    \"\"\"Q of the QR decomposition whose R has no negative number on its diagonal.\n\n    Columns beyond as many as there are rows are 0.\n    \"\"\"\n    exact = widest(matrix)\n    rows, columns = matrix.shape\n    largest = jnp.max(jnp.abs(exact), initial=0.0)\n    unit = jnp.where(largest > 0, largest, 1.0)\n    q, r = jnp.linalg.qr(exact[:, : min(rows, columns)] / unit)\n    signed = q * jnp.where(jnp.diagonal(r) < 0, -1.0, 1.0)\n    padded = jnp.pad(signed, ((0, 0), (0, columns - signed.shape[1])))\n    return jnp.where(jnp.isfinite(largest), padded, jnp.nan).astype(matrix.dtype)","uses":["widest"],"imports":["import jax","import jax.numpy as jnp"]},
  Words: {"text":"Words = Any","uses":[],"imports":["from typing import Any"]},
  threefry: {"text":"def threefry(key: Words, first: Words, second: Words) -> tuple[Words, Words]:\n    \"\"\"Threefry-2x32 with 20 rounds (Salmon and others, 2011), in 32 bits.\"\"\"\n    words = (key[0], key[1], np.uint32(0x1BD11BDA) ^ key[0] ^ key[1])\n    a, b = first + words[0], second + words[1]\n    for group in range(5):\n        for bits in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:\n            a = a + b\n            b = ((b << np.uint32(bits)) | (b >> np.uint32(32 - bits))) ^ a\n        a = a + words[(group + 1) % 3]\n        b = b + words[(group + 2) % 3] + np.uint32(group + 1)\n    return a, b","uses":["Words"],"imports":["import numpy as np"]},
  draw_key: {"text":"def draw_key(seed: int | jax.Array, name: str, site: int, index: int) -> Words:\n    \"\"\"The key of the draws of an operator at a place, for a parameter.\"\"\"\n    # Arrays of one word: those of NumPy are worked out once, before anything runs.\n    if isinstance(seed, int):\n        halves = [seed >> 32 & 0xFFFFFFFF, seed & 0xFFFFFFFF]\n        key: Words = tuple(np.array([half], np.uint32) for half in halves)\n    else:\n        low = jnp.asarray(seed).astype(jnp.uint32).reshape(1)\n        key = (jnp.zeros_like(low), low)\n    letters = [(ord(letter), 1) for letter in name]\n    for counter, kind in (*letters, (site, 0), (index, 0)):\n        words = [np.array([word], np.uint32) for word in (counter, kind)]\n        key = threefry(key, *words)\n    return key","uses":["Words","threefry"],"imports":["import jax","import jax.numpy as jnp","import numpy as np"]},
  draw_words: {"text":"def draw_words(w: jax.Array, key: Words, count: Number) -> jax.Array:\n    \"\"\"A word of 32 bits for each element.\"\"\"\n    elements = jnp.arange(w.size, dtype=jnp.uint32)\n    step = jnp.full_like(elements, count)\n    words, _ = threefry(key, step, elements)\n    return words.reshape(w.shape)","uses":["Number","Words","threefry"],"imports":["import jax","import jax.numpy as jnp"]},
  dropout: {"text":"def dropout(\n    x: Number, rate: Number, w: jax.Array, key: Words, count: Number\n) -> jax.Array:\n    \"\"\"0 with probability ``rate``, else the number divided by 1 - rate.\"\"\"\n    uniform = draw_words(w, key, count) >> np.uint32(8)\n    # In the bits of the array, as every number that meets one.\n    if isinstance(rate, (int, float)):\n        rate = float(np.asarray(rate, w.dtype))\n    else:\n        rate = rate.astype(w.dtype).astype(float)\n    # Whole numbers, which no rounding moves.\n    scaled = rate * 2.0**24\n    least = math.ceil(scaled) if isinstance(scaled, float) else jnp.ceil(scaled)\n    kept = (jnp.asarray(x).astype(float) / (1 - rate)).astype(w.dtype)\n    return jnp.where(uniform.astype(jnp.int32) >= least, kept, 0.0)","uses":["Number","Words","draw_words"],"imports":["import math","import jax","import jax.numpy as jnp","import numpy as np"]},
  normal: {"text":"def normal(w: jax.Array, key: Words, count: Number) -> jax.Array:\n    \"\"\"A standard normal number for each element.\n\n    Where JAX has 64 bits it is the same to the bit everywhere; in 32 bits it is off by\n    up to 1e-6 of its size.\n    \"\"\"\n    return normal_quantile(draw_words(w, key, count)).astype(w.dtype)","uses":["Number","Words","draw_words","normal_quantile"],"imports":["import jax"]},
  CENTRE: {"text":"CENTRE = (\n    2509.0809287301226727,\n    33430.575583588128105,\n    67265.770927008700853,\n    45921.953931549871457,\n    13731.693765509461125,\n    1971.5909503065514427,\n    133.14166789178437745,\n    3.387132872796366608,\n)","uses":[],"imports":[]},
  CENTRE_DIVISOR: {"text":"CENTRE_DIVISOR = (\n    5226.495278852854561,\n    28729.085735721942674,\n    39307.89580009271061,\n    21213.794301586595867,\n    5394.1960214247511077,\n    687.1870074920579083,\n    42.313330701600911252,\n    1.0,\n)","uses":[],"imports":[]},
  TAIL: {"text":"TAIL = (\n    7.7454501427834140764e-4,\n    0.0227238449892691845833,\n    0.24178072517745061177,\n    1.27045825245236838258,\n    3.64784832476320460504,\n    5.7694972214606914055,\n    4.6303378461565452959,\n    1.42343711074968357734,\n)","uses":[],"imports":[]},
  TAIL_DIVISOR: {"text":"TAIL_DIVISOR = (\n    1.05075007164441684324e-9,\n    5.475938084995344946e-4,\n    0.0151986665636164571966,\n    0.14810397642748007459,\n    0.68976733498510000455,\n    1.6763848301838038494,\n    2.05319162663775882187,\n    1.0,\n)","uses":[],"imports":[]},
  normal_quantile: {"text":"def normal_quantile(words: jax.Array) -> jax.Array:\n    \"\"\"The normal numbers of words of 32 bits (Wichura, 1988, Algorithm AS 241).\"\"\"\n    half = np.uint32(1 << 31)\n    # Beside the middle as whole numbers: nothing of a small difference is lost.\n    beside = jnp.where(words >= half, words - half, ~(words - half))\n    size = (beside.astype(float) + 0.5) * 2.0**-32\n    r = 0.180625 - size * size\n    centre = size * jnp.polyval(np.array(CENTRE), r)\n    centre = centre / jnp.polyval(np.array(CENTRE_DIVISOR), r)\n    end = jnp.where(words < half, words, ~words)\n    s = jnp.sqrt(tail_logarithm(end)) - 1.6\n    tail = jnp.polyval(np.array(TAIL), s) / jnp.polyval(np.array(TAIL_DIVISOR), s)\n    found = jnp.where(size <= 0.425, centre, tail)\n    return jnp.where(words < half, -found, found).astype(jnp.float32)","uses":["CENTRE","CENTRE_DIVISOR","TAIL","TAIL_DIVISOR","tail_logarithm"],"imports":["import jax","import jax.numpy as jnp","import numpy as np"]},
  tail_logarithm: {"text":"def tail_logarithm(words: jax.Array) -> jax.Array:\n    \"\"\"-log((word + 0.5) / 2**32), of arithmetic that is rounded alike everywhere.\"\"\"\n    factor, exponent = jnp.frexp(2.0 * words.astype(float) + 1.0)\n    is_low = factor < math.sqrt(0.5)\n    factor = jnp.where(is_low, factor * 2, factor)\n    exponent = jnp.where(is_low, exponent - 1, exponent)\n    s = (factor - 1) / (factor + 1)\n    total = jnp.zeros_like(s)\n    for odd in range(19, 0, -2):\n        total = total * s * s + 1 / odd\n    return (33 - exponent).astype(float) * math.log(2) - 2 * s * total","uses":[],"imports":["import math","import jax","import jax.numpy as jnp"]},
}
