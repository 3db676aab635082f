// Written from the files of prelude by `npm run generate`.
import type { PythonPiece } from '../python/piece.ts'

/** The name of a piece of the prelude. */
export type PreludeName =
  | 'sign_of'
  | 'smaller'
  | 'larger'
  | 'remainder'
  | 'positive_part'
  | 'negative_part'
  | 'logistic'
  | 'soft_plus'
  | 'soft_sign'
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
  | 'count'
  | 'fan_out'
  | 'fan_in'
  | 'count_outputs'
  | 'count_inputs'
  | 'filled'
  | 'spread'
  | 'NEAR_ZERO'
  | 'TO_EIGHT'
  | 'FROM_EIGHT'
  | 'bessel_function'
  | 'EvaluatedOptimizer'
  | 'EvaluationWeights'
  | 'last_rate'
  | 'in_full'
  | 'full_minimum'
  | 'full_maximum'
  | 'full_hypot'
  | 'full_floor'
  | 'full_tanh'
  | 'full_arctan'
  | 'full_arcsinh'
  | 'full_sin'
  | 'full_cos'
  | 'as_matrix'
  | 'as_array'
  | 'product'
  | 'symmetric_eigen'
  | 'inverse_root'
  | 'eigenvectors'
  | 'orthonormal'
  | 'WORD'
  | 'threefry'
  | 'draw_key'
  | 'signed'
  | 'rotated'
  | 'draw_words'
  | 'dropout'
  | 'normal'
  | 'CENTRE'
  | 'CENTRE_DIVISOR'
  | 'TAIL'
  | 'TAIL_DIVISOR'
  | 'horner'
  | 'normal_quantile'
  | 'tail_logarithm'
  | 'Number'
  | 'Tensor'
  | 'LearningRate'
  | 'WIDE'
  | 'wide'
  | 'working'
  | 'outside_functions'
  | 'add_state'
  | 'add_number'
  | 'filled_like'
  | 'checked'
  | 'checked_rate'
  | 'stacked'
  | 'steps_of'

/** What emitted modules carry as it is: each piece by its name. */
export const preludeSources: Readonly<Record<PreludeName, PythonPiece>> = {
  sign_of: {
    text: 'def sign_of(x: Tensor) -> Tensor:\n    """1 for positive numbers, -1 for negative ones, else the number itself."""\n    return ops.where(x > 0, 1.0, ops.where(x < 0, -1.0, x))',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  smaller: {
    text: 'def smaller(a: Number, b: Number) -> Tensor:\n    """The smaller of two numbers: NaN if either is, and -0 below 0."""\n    least = ops.where((a < b) | ops.isnan(a), a, b)\n    return ops.where((a == 0) & (b == 0), -(-a - b), least)',
    uses: ['Number', 'Tensor'],
    imports: ['from keras import ops'],
  },
  larger: {
    text: 'def larger(a: Number, b: Number) -> Tensor:\n    """The larger of two numbers: NaN if either is, and 0 above -0."""\n    most = ops.where((a > b) | ops.isnan(a), a, b)\n    return ops.where((a == 0) & (b == 0), a + b, most)',
    uses: ['Number', 'Tensor'],
    imports: ['from keras import ops'],
  },
  remainder: {
    text: 'def remainder(a: Number, b: Number) -> Tensor:\n    """The remainder of a floored division, with the sign of the divisor."""\n    rest = ops.mod(a, b)\n    return ops.where(rest == 0, ops.where(b < 0, -0.0, 0.0 * rest), rest)',
    uses: ['Number', 'Tensor'],
    imports: ['from keras import ops'],
  },
  positive_part: {
    text: 'def positive_part(x: Tensor) -> Tensor:\n    """The number where it is positive, else 0."""\n    return ops.where(x <= 0, 0.0, x)',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  negative_part: {
    text: 'def negative_part(x: Tensor) -> Tensor:\n    """The number where it is negative, else 0."""\n    return ops.where(x > 0, 0.0, x)',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  logistic: {
    text: 'def logistic(x: Tensor) -> Tensor:\n    """The logistic function, also where it is tiny."""\n    return ops.exp(negative_part(x)) / (1 + ops.exp(-ops.abs(x)))',
    uses: ['negative_part', 'Tensor'],
    imports: ['from keras import ops'],
  },
  soft_plus: {
    text: 'def soft_plus(x: Tensor) -> Tensor:\n    """The logarithm of 1 + exp(x)."""\n    return positive_part(x) + ops.log1p(ops.exp(-ops.abs(x)))',
    uses: ['positive_part', 'Tensor'],
    imports: ['from keras import ops'],
  },
  soft_sign: {
    text: 'def soft_sign(x: Tensor) -> Tensor:\n    """x / (1 + abs(x))."""\n    return x / (1 + ops.abs(x))',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  log_one_plus_exponential: {
    text: 'def log_one_plus_exponential(x: Tensor) -> Tensor:\n    """The logarithm of 1 + exp(x) + 1e-7."""\n    top = positive_part(x)\n    return top + ops.log1p(ops.exp(-ops.abs(x)) + 1e-7 * ops.exp(-top))',
    uses: ['positive_part', 'Tensor'],
    imports: ['from keras import ops'],
  },
  logistic_slope: {
    text: 'def logistic_slope(x: Tensor) -> Tensor:\n    """The derivative of the logistic function."""\n    e = ops.exp(-ops.abs(x))\n    return e / ops.square(e + 1)',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  tanh_slope: {
    text: 'def tanh_slope(x: Tensor) -> Tensor:\n    """The derivative of tanh, also where it is tiny."""\n    return 4 * logistic_slope(2 * x)',
    uses: ['logistic_slope', 'Tensor'],
    imports: [],
  },
  limited: {
    text: 'def limited(x: Number, bound: Number) -> Tensor:\n    """The number limited to [-abs(bound), abs(bound)]."""\n    size = abs(bound) if isinstance(bound, (int, float)) else ops.abs(bound)\n    return smaller(larger(x, -size), size)',
    uses: ['smaller', 'larger', 'Number', 'Tensor'],
    imports: ['from keras import ops'],
  },
  power_of_two: {
    text: 'def power_of_two(size: Tensor) -> Tensor:\n    """A power of two close to a size: no digit changes of what is divided by it."""\n    # Its reciprocal must not be subnormal either: XLA multiplies by that.\n    usable = ops.clip(size, 2.0**-125, 2.0**125)\n    dtype = keras.backend.standardize_dtype(usable.dtype)\n    # All bits of the number but those of its fraction.\n    if dtype == "float64":\n        bits = ops.bitwise_and(ops.view(usable, "int64"), 0x7FF << 52)\n    else:\n        bits = ops.bitwise_and(ops.view(usable, "int32"), 0xFF << 23)\n    return ops.view(bits, dtype)',
    uses: ['Tensor'],
    imports: ['import keras', 'from keras import ops'],
  },
  scaled_norm: {
    text: 'def scaled_norm(x: Tensor, axes: tuple[int, ...] | None) -> Tensor:\n    """The euclidean norm; squares neither overflow nor vanish on the way."""\n    largest = ops.max(ops.abs(x), axis=axes, keepdims=True, initial=0.0)\n    unit = power_of_two(largest)\n    total = ops.sum(ops.square(x / unit), axis=axes, keepdims=True)\n    return ops.sqrt(total) * unit',
    uses: ['power_of_two', 'Tensor'],
    imports: ['from keras import ops'],
  },
  norm: {
    text: 'def norm(x: Tensor) -> Tensor:\n    """The euclidean norm."""\n    return ops.reshape(scaled_norm(x, None), ())',
    uses: ['scaled_norm', 'Tensor'],
    imports: ['from keras import ops'],
  },
  max_abs: {
    text: 'def max_abs(x: Tensor) -> Tensor:\n    """The largest size."""\n    return ops.max(ops.abs(x), initial=0.0)',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  input_axes: {
    text: 'def input_axes(w: Tensor) -> tuple[int, ...]:\n    """The axes of the inputs: all but the last, which that of the outputs is."""\n    return tuple(range(len(w.shape) - 1))',
    uses: ['Tensor'],
    imports: [],
  },
  output_axes: {
    text: 'def output_axes(w: Tensor) -> tuple[int, ...]:\n    """The axis of the outputs: the last."""\n    return (len(w.shape) - 1,) if len(w.shape) > 0 else ()',
    uses: ['Tensor'],
    imports: [],
  },
  sum_over: {
    text: 'def sum_over(axes: tuple[int, ...], x: Tensor) -> Tensor:\n    """The sums along some axes, which keep the length 1."""\n    return ops.sum(x, axis=axes, keepdims=True) if axes else x',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  mean_over: {
    text: 'def mean_over(axes: tuple[int, ...], x: Tensor) -> Tensor:\n    """The means along some axes, which keep the length 1."""\n    return ops.mean(x, axis=axes, keepdims=True) if axes else x',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  max_abs_over: {
    text: 'def max_abs_over(axes: tuple[int, ...], x: Tensor) -> Tensor:\n    """The largest sizes along some axes, which keep the length 1."""\n    size = ops.abs(x)\n    return ops.max(size, axis=axes, keepdims=True, initial=0.0) if axes else size',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  norm_over: {
    text: 'def norm_over(axes: tuple[int, ...], x: Tensor) -> Tensor:\n    """The euclidean norms along some axes, which keep the length 1."""\n    return scaled_norm(x, axes) if axes else ops.abs(x)',
    uses: ['scaled_norm', 'Tensor'],
    imports: ['from keras import ops'],
  },
  count: {
    text: 'def count(w: Tensor) -> int:\n    """The number of elements."""\n    return math.prod(w.shape)',
    uses: ['Tensor'],
    imports: ['import math'],
  },
  fan_out: {
    text: 'def fan_out(w: Tensor) -> int:\n    """The number of outputs of each input: all but the axis of the inputs."""\n    return count(w) if len(w.shape) < 2 else count(w) // max(w.shape[-2], 1)',
    uses: ['count', 'Tensor'],
    imports: [],
  },
  fan_in: {
    text: 'def fan_in(w: Tensor) -> int:\n    """The number of inputs of each output: all but the axis of the outputs."""\n    return count(w) if len(w.shape) < 2 else count(w) // max(w.shape[-1], 1)',
    uses: ['count', 'Tensor'],
    imports: [],
  },
  count_outputs: {
    text: 'def count_outputs(w: Tensor) -> int:\n    """The length of the axis of the outputs."""\n    return w.shape[-1] if len(w.shape) > 0 else 1',
    uses: ['Tensor'],
    imports: [],
  },
  count_inputs: {
    text: 'def count_inputs(w: Tensor) -> int:\n    """The length of all other axes together; 1 for a vector."""\n    return math.prod(w.shape[:-1])',
    uses: ['Tensor'],
    imports: ['import math'],
  },
  filled: {
    text: 'def filled(x: Number, shape: Sequence[int], w: Tensor) -> Tensor:\n    """What stands for many numbers, in a tensor that has all of them."""\n    return ops.broadcast_to(ops.cast(x, w.dtype), tuple(shape))',
    uses: ['Number', 'Tensor'],
    imports: ['from collections.abc import Sequence', 'from keras import ops'],
  },
  spread: {
    text: 'def spread(w: Tensor, axes: tuple[int, ...], x: Number) -> Tensor:\n    """A number for each place beside some axes, which have the length 1."""\n    shape = [1 if axis in axes else length for axis, length in enumerate(w.shape)]\n    return ops.broadcast_to(ops.cast(x, w.dtype), tuple(shape))',
    uses: ['Number', 'Tensor'],
    imports: ['from keras import ops'],
  },
  NEAR_ZERO: {
    text: 'NEAR_ZERO = (\n    -1.6735667828350472e-10,\n    1.3857874217910209e-9,\n    -1.0617883913149256e-8,\n    7.718907337002434e-8,\n    -5.226867413738982e-7,\n    3.278207818215809e-6,\n    -1.892471629279249e-5,\n    9.980789894849256e-5,\n    -0.0004765767845346078,\n    0.0020377169161055796,\n    -0.0076945077687570855,\n    0.02520132336444367,\n    -0.06985466405742914,\n    0.15802514469243717,\n    -0.27413749095041684,\n    0.00034160636974339426,\n)',
    uses: [],
    imports: [],
  },
  TO_EIGHT: {
    text: 'TO_EIGHT = (\n    -1.944605102081048e-26,\n    2.861244501577915e-25,\n    -2.3481088221365235e-24,\n    3.072090147346203e-23,\n    -4.538998550464956e-22,\n    5.624252105316609e-21,\n    -6.535364067374883e-20,\n    7.416319362244236e-19,\n    -8.072649097360361e-18,\n    8.369142641762454e-17,\n    -8.261485463748354e-16,\n    7.75018478839818e-15,\n    -6.88978295446268e-14,\n    5.786798005920491e-13,\n    -4.577056685406659e-12,\n    3.39656472812943e-11,\n    -2.354841838210462e-10,\n    1.5178072155581896e-9,\n    -9.041602107875657e-9,\n    4.9410511340244557e-8,\n    -2.45187526349385e-7,\n    1.0870808807350256e-6,\n    -4.172495384355806e-6,\n    1.2739879430211714e-5,\n    -2.0121165997943055e-5,\n    -0.00011196764777588062,\n    0.001616218643052865,\n    -0.01475139406855252,\n    -0.0009161777025078863,\n)',
    uses: [],
    imports: [],
  },
  FROM_EIGHT: {
    text: 'FROM_EIGHT = (\n    -1.9677083272584384e-11,\n    6.135932778393812e-11,\n    1.417650842869536e-10,\n    -4.6561597954216946e-10,\n    -4.798751536934023e-10,\n    1.657764699456319e-9,\n    1.0715528639398075e-9,\n    -3.75344338735913e-9,\n    -1.992076551203188e-9,\n    6.202984113000443e-9,\n    3.803814960536081e-9,\n    -7.863004697555056e-9,\n    -7.816968266767898e-9,\n    5.963645798166707e-9,\n    1.408852075202545e-8,\n    6.737493433374833e-9,\n    -8.43880090582137e-9,\n    -2.337446787242448e-8,\n    -4.312778920167609e-8,\n    -1.0001282610189342e-7,\n    -3.4838567401229716e-7,\n    -1.8349101357991557e-6,\n    -1.5038547197358572e-5,\n    -0.00021923576383382282,\n    -0.009749577193235768,\n    -0.0012265409741276717,\n)',
    uses: [],
    imports: [],
  },
  bessel_function: {
    text: 'def bessel_function(x: Tensor) -> Tensor:\n    """exp(-abs(x)) I1(x), I1 the modified Bessel function of the first kind."""\n    size = wide(ops.abs(x))\n    # In powers of the size less 0.5 or 4.5, or of 16 over it, over its root.\n    near = size * (0.3125 + horner(NEAR_ZERO, size - 0.5))\n    middle = 0.171875 + horner(TO_EIGHT, ops.where(size > 8, 8.0, size) - 4.5)\n    large = ops.where(size < 8, 8.0, size)\n    far = (0.390625 + horner(FROM_EIGHT, 16 / large - 1)) / ops.sqrt(large)\n    value = ops.where(size <= 1, near, ops.where(size <= 8, middle, far))\n    return ops.where(x < 0, -1.0, 1.0) * ops.cast(value, x.dtype)',
    uses: ['NEAR_ZERO', 'TO_EIGHT', 'FROM_EIGHT', 'horner', 'Tensor', 'wide'],
    imports: ['from keras import ops'],
  },
  EvaluatedOptimizer: {
    text: 'class EvaluatedOptimizer(keras.optimizers.Optimizer):\n    """An optimizer whose models are evaluated with other weights than they train at."""\n\n    def evaluated(self, variable: Any) -> Tensor:\n        """The value to evaluate a model with in the place of that of a variable."""\n        raise NotImplementedError\n\n    def swap_in(self) -> list[Tensor]:\n        """Give the variables the values to evaluate with; their own are returned."""\n        trained = [\n            ops.copy(ops.convert_to_tensor(v)) for v in self._trainable_variables\n        ]\n        if int(self._iterations) > 0:\n            values = [self.evaluated(v) for v in self._trainable_variables]\n            self.swap_out([ops.copy(value) for value in values])\n        return trained\n\n    def swap_out(self, trained: list[Tensor]) -> None:\n        """Give the variables back the values that ``swap_in`` returned."""\n        for variable, value in zip(self._trainable_variables, trained, strict=True):\n            variable.assign(value)\n\n    @contextmanager\n    def evaluation_weights(self) -> Iterator[None]:\n        """A context in which the model has the weights to evaluate it with."""\n        trained = self.swap_in()\n        try:\n            yield\n        finally:\n            self.swap_out(trained)',
    uses: ['Tensor'],
    imports: [
      'from collections.abc import Iterator',
      'from contextlib import contextmanager',
      'from typing import Any',
      'import keras',
      'from keras import ops',
    ],
  },
  EvaluationWeights: {
    text: 'class EvaluationWeights(keras.callbacks.Callback):\n    """Validates, evaluates and predicts with the weights that are meant for it."""\n\n    def __init__(self) -> None:\n        super().__init__()\n        self.trained: list[Tensor] | None = None\n\n    def _begin(self) -> None:\n        optimizer = self.model.optimizer\n        optimizer = getattr(optimizer, "inner_optimizer", optimizer)\n        self.trained = optimizer.swap_in() if optimizer.built else None\n\n    def _end(self) -> None:\n        optimizer = self.model.optimizer\n        if self.trained is not None:\n            getattr(optimizer, "inner_optimizer", optimizer).swap_out(self.trained)\n        self.trained = None\n\n    def on_test_begin(self, logs: Any = None) -> None:\n        self._begin()\n\n    def on_test_end(self, logs: Any = None) -> None:\n        self._end()\n\n    def on_predict_begin(self, logs: Any = None) -> None:\n        self._begin()\n\n    def on_predict_end(self, logs: Any = None) -> None:\n        self._end()',
    uses: ['Tensor'],
    imports: ['from typing import Any', 'import keras'],
  },
  last_rate: {
    text: 'def last_rate(optimizer: keras.optimizers.Optimizer) -> Number:\n    """The learning rate of the step that was taken last."""\n    rate = optimizer._learning_rate\n    if isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):\n        return rate(optimizer._iterations - 1)\n    return optimizer.learning_rate',
    uses: ['Number'],
    imports: ['import keras'],
  },
  in_full: {
    text: 'def in_full(called: str, *x: Tensor) -> Tensor:\n    """A function of tensors in all the bits that these have."""\n    libraries = {"jax": "jax.numpy", "torch": "torch"}\n    library = libraries.get(keras.backend.backend())\n    return getattr(importlib.import_module(library) if library else ops, called)(*x)',
    uses: ['Tensor'],
    imports: ['import importlib', 'import keras', 'from keras import ops'],
  },
  full_minimum: {
    text: 'def full_minimum(a: Number, b: Number) -> Tensor:\n    """The smaller of two numbers."""\n    return in_full("minimum", wide(a), wide(b))',
    uses: ['in_full', 'Number', 'Tensor', 'wide', 'minimum'],
    imports: [],
  },
  full_maximum: {
    text: 'def full_maximum(a: Number, b: Number) -> Tensor:\n    """The larger of two numbers."""\n    return in_full("maximum", wide(a), wide(b))',
    uses: ['in_full', 'Number', 'Tensor', 'wide', 'maximum'],
    imports: [],
  },
  full_hypot: {
    text: 'def full_hypot(a: Number, b: Number) -> Tensor:\n    """The root of the sum of two squares."""\n    return in_full("hypot", wide(a), wide(b))',
    uses: ['in_full', 'Number', 'Tensor', 'wide'],
    imports: [],
  },
  full_floor: {
    text: 'def full_floor(x: Number) -> Tensor:\n    """The largest whole number that is not larger."""\n    x = wide(x)\n    return ops.where(ops.abs(x) < 2.0**52, x - ops.mod(x, 1.0), x)',
    uses: ['Number', 'Tensor', 'wide'],
    imports: ['from keras import ops'],
  },
  full_tanh: {
    text: 'def full_tanh(x: Number) -> Tensor:\n    """The hyperbolic tangent."""\n    return in_full("tanh", wide(x))',
    uses: ['in_full', 'Number', 'Tensor', 'wide'],
    imports: [],
  },
  full_arctan: {
    text: 'def full_arctan(x: Number) -> Tensor:\n    """The inverse of the tangent."""\n    return in_full("arctan", wide(x))',
    uses: ['in_full', 'Number', 'Tensor', 'wide'],
    imports: [],
  },
  full_arcsinh: {
    text: 'def full_arcsinh(x: Number) -> Tensor:\n    """The inverse of the hyperbolic sine."""\n    return in_full("arcsinh", wide(x))',
    uses: ['in_full', 'Number', 'Tensor', 'wide'],
    imports: [],
  },
  full_sin: {
    text: 'def full_sin(x: Number) -> Tensor:\n    """The sine."""\n    return in_full("sin", wide(x))',
    uses: ['in_full', 'Number', 'Tensor', 'wide'],
    imports: [],
  },
  full_cos: {
    text: 'def full_cos(x: Number) -> Tensor:\n    """The cosine."""\n    return in_full("cos", wide(x))',
    uses: ['in_full', 'Number', 'Tensor', 'wide'],
    imports: [],
  },
  as_matrix: {
    text: 'def as_matrix(x: Tensor, w: Tensor) -> Tensor:\n    """What there is one of for each element, as a matrix of inputs and outputs."""\n    whole = ops.broadcast_to(ops.cast(x, w.dtype), tuple(w.shape))\n    return ops.reshape(whole, (count_inputs(w), count_outputs(w)))',
    uses: ['count_outputs', 'count_inputs', 'Tensor'],
    imports: ['from keras import ops'],
  },
  as_array: {
    text: 'def as_array(matrix: Tensor, w: Tensor) -> Tensor:\n    """A matrix of inputs and outputs in the shape of a parameter."""\n    return ops.reshape(matrix, tuple(w.shape))',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  product: {
    text: 'def product(a: Tensor, b: Tensor) -> Tensor:\n    """The product of matrices."""\n    return ops.matmul(a, b)',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  symmetric_eigen: {
    text: 'def symmetric_eigen(matrix: Tensor) -> tuple[Tensor, Tensor, Tensor]:\n    """Eigenvalues from the largest down, eigenvectors and a unit.\n\n    A matrix is divided by the unit first, so that nothing overflows or vanishes. The\n    first of the largest numbers of an eigenvector is positive. All is NaN where a\n    number is not finite.\n    """\n    exact = wide(matrix)\n    largest = ops.max(ops.abs(exact), initial=0.0)\n    is_finite = ops.all(ops.isfinite(exact))\n    unit = power_of_two(largest)\n    # Backends raise at numbers that are not finite.\n    half = ops.where(is_finite, exact / unit / 2, 0.0)\n    values, vectors = ops.linalg.eigh(half + ops.transpose(half))\n    # From the largest down, and equal ones in the order they were found in.\n    order = ops.argsort(-values)\n    values, vectors = ops.take(values, order), ops.take(vectors, order, axis=1)\n    # Numbers that differ by rounding count as equal, so that rounding decides no sign.\n    sizes = ops.abs(vectors)\n    is_largest = sizes >= 0.999 * ops.max(sizes, axis=0)\n    first = ops.argmax(ops.cast(is_largest, "int32"), axis=0)\n    leading = ops.take_along_axis(vectors, ops.expand_dims(first, 0), axis=0)\n    finite = wide(ops.where(is_finite, 1.0, float("nan")))\n    return values * finite, ops.where(leading < 0, -vectors, vectors) * finite, unit',
    uses: ['power_of_two', 'Tensor', 'wide'],
    imports: ['from keras import ops'],
  },
  inverse_root: {
    text: 'def inverse_root(matrix: Tensor, p: Number) -> Tensor:\n    """A symmetric, positive semidefinite matrix to the power -1/p.\n\n    Eigenvalues that may be 0 count for nothing, as in a pseudoinverse; all numbers are\n    NaN where one is negative by more than rounding explains.\n    """\n    values, vectors, unit = symmetric_eigen(matrix)\n    size = values.shape[0] * values[0]\n    powers = (values * unit) ** (-1 / wide(p))\n    epsilon = 2.0**-52 if WIDE == "float64" else 2.0**-23\n    factors = ops.where(values > epsilon * size, powers, 0.0)\n    is_negative = ops.any(ops.logical_not(values >= -(2.0**-23) * size))\n    root = in_full("matmul", factors * vectors, ops.transpose(vectors))\n    return ops.cast(ops.where(is_negative, float("nan"), root), matrix.dtype)',
    uses: ['in_full', 'symmetric_eigen', 'Number', 'Tensor', 'WIDE', 'wide'],
    imports: ['from keras import ops'],
  },
  eigenvectors: {
    text: 'def eigenvectors(matrix: Tensor) -> Tensor:\n    """The eigenvectors of a symmetric matrix as columns, the largest value\'s first."""\n    return ops.cast(symmetric_eigen(matrix)[1], matrix.dtype)',
    uses: ['symmetric_eigen', 'Tensor'],
    imports: ['from keras import ops'],
  },
  orthonormal: {
    text: 'def orthonormal(matrix: Tensor) -> Tensor:\n    """Q of the QR decomposition whose R has no negative number on its diagonal.\n\n    Columns beyond as many as there are rows are 0.\n    """\n    exact = wide(matrix)\n    rows, columns = matrix.shape\n    largest = ops.max(ops.abs(exact), initial=0.0)\n    is_finite = ops.all(ops.isfinite(exact))\n    unit = ops.where(largest > 0, largest, 1.0)\n    usable = ops.where(is_finite, exact / unit, 0.0)\n    q, r = ops.linalg.qr(usable[:, : min(rows, columns)])\n    signed = q * ops.where(ops.diagonal(r) < 0, wide(-1.0), wide(1.0))\n    padded = ops.pad(signed, ((0, 0), (0, columns - signed.shape[1])))\n    return ops.cast(ops.where(is_finite, padded, float("nan")), matrix.dtype)',
    uses: ['signed', 'Tensor', 'wide'],
    imports: ['from keras import ops'],
  },
  WORD: { text: 'WORD = 0xFFFFFFFF', uses: [], imports: [] },
  threefry: {
    text: 'def threefry(key: tuple[int, int], first: int, second: int) -> tuple[int, int]:\n    """Threefry-2x32 with 20 rounds (Salmon and others, 2011)."""\n    words = (*key, 0x1BD11BDA ^ key[0] ^ key[1])\n    a = (first + words[0]) & WORD\n    b = (second + words[1]) & WORD\n    for group in range(5):\n        for bits in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:\n            a = (a + b) & WORD\n            b = ((b << bits) & WORD | (b >> (32 - bits))) ^ a\n        a = (a + words[(group + 1) % 3]) & WORD\n        b = (b + words[(group + 2) % 3] + group + 1) & WORD\n    return a, b',
    uses: ['WORD'],
    imports: [],
  },
  draw_key: {
    text: '@functools.cache\ndef draw_key(seed: int, name: str, site: int, index: int) -> tuple[int, int]:\n    """The key of the draws of an operator at a place, for a variable."""\n    key = ((seed >> 32) & WORD, seed & WORD)\n    letters = [(ord(letter), 1) for letter in name]\n    for counter, kind in (*letters, (site, 0), (index, 0)):\n        key = threefry(key, counter & WORD, kind)\n    return key',
    uses: ['WORD', 'threefry'],
    imports: ['import functools'],
  },
  signed: {
    text: 'def signed(word: int) -> int:\n    """A word of 32 bits as the number whose bits it has in a tensor of int32."""\n    word &= WORD\n    return word - (WORD + 1) if word > WORD >> 1 else word',
    uses: ['WORD'],
    imports: [],
  },
  rotated: {
    text: 'def rotated(x: Tensor, bits: int) -> Tensor:\n    """Words turned to the left."""\n    low = ops.bitwise_and(ops.right_shift(x, 32 - bits), (1 << bits) - 1)\n    return ops.bitwise_or(ops.left_shift(x, bits), low)',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  draw_words: {
    text: 'def draw_words(w: Tensor, key: tuple[int, int], step: Number) -> Tensor:\n    """A word of 32 bits for each element, by Threefry too; sums go around in int32."""\n    words = (*key, 0x1BD11BDA ^ key[0] ^ key[1])\n    b = ops.arange(count(w), dtype="int32") + signed(words[1])\n    a = ops.zeros_like(b) + ops.cast(step, "int32") + signed(words[0])\n    for group in range(5):\n        for bits in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:\n            a = a + b\n            b = ops.bitwise_xor(rotated(b, bits), a)\n        a = a + signed(words[(group + 1) % 3])\n        b = b + signed(words[(group + 2) % 3] + group + 1)\n    return ops.reshape(a, tuple(w.shape))',
    uses: ['count', 'signed', 'rotated', 'Number', 'Tensor'],
    imports: ['from keras import ops'],
  },
  dropout: {
    text: 'def dropout(\n    x: Number, rate: Number, w: Tensor, key: tuple[int, int], step: Number\n) -> Tensor:\n    """0 with probability ``rate``, else the number divided by 1 - rate."""\n    words = draw_words(w, key, step)\n    uniform = ops.bitwise_and(ops.right_shift(words, 8), (1 << 24) - 1)\n    # Whole numbers, which no rounding moves.\n    if isinstance(rate, (int, float)):\n        rate = float(np.float32(rate))\n        least = math.ceil(rate * 2.0**24)\n    else:\n        least = ops.cast(in_full("ceil", wide(rate) * 2.0**24), "int32")\n    kept = ops.cast(wide(x) / (1 - wide(rate)), w.dtype)\n    return ops.where(uniform >= least, kept, 0.0)',
    uses: ['in_full', 'draw_words', 'Number', 'Tensor', 'wide'],
    imports: ['import math', 'import numpy as np', 'from keras import ops'],
  },
  normal: {
    text: 'def normal(w: Tensor, key: tuple[int, int], step: Number) -> Tensor:\n    """A standard normal number for each element.\n\n    Where the backend has 64 bits it is the same to the bit everywhere; in 32 bits it\n    is off by up to 1e-6 of its size.\n    """\n    return ops.cast(normal_quantile(draw_words(w, key, step)), w.dtype)',
    uses: ['draw_words', 'normal_quantile', 'Number', 'Tensor'],
    imports: ['from keras import ops'],
  },
  CENTRE: {
    text: 'CENTRE = (\n    2509.0809287301226727,\n    33430.575583588128105,\n    67265.770927008700853,\n    45921.953931549871457,\n    13731.693765509461125,\n    1971.5909503065514427,\n    133.14166789178437745,\n    3.387132872796366608,\n)',
    uses: [],
    imports: [],
  },
  CENTRE_DIVISOR: {
    text: 'CENTRE_DIVISOR = (\n    5226.495278852854561,\n    28729.085735721942674,\n    39307.89580009271061,\n    21213.794301586595867,\n    5394.1960214247511077,\n    687.1870074920579083,\n    42.313330701600911252,\n    1.0,\n)',
    uses: [],
    imports: [],
  },
  TAIL: {
    text: 'TAIL = (\n    7.7454501427834140764e-4,\n    0.0227238449892691845833,\n    0.24178072517745061177,\n    1.27045825245236838258,\n    3.64784832476320460504,\n    5.7694972214606914055,\n    4.6303378461565452959,\n    1.42343711074968357734,\n)',
    uses: [],
    imports: [],
  },
  TAIL_DIVISOR: {
    text: 'TAIL_DIVISOR = (\n    1.05075007164441684324e-9,\n    5.475938084995344946e-4,\n    0.0151986665636164571966,\n    0.14810397642748007459,\n    0.68976733498510000455,\n    1.6763848301838038494,\n    2.05319162663775882187,\n    1.0,\n)',
    uses: [],
    imports: [],
  },
  horner: {
    text: 'def horner(coefficients: tuple[float, ...], x: Tensor) -> Tensor:\n    """The value of a polynomial, the coefficient of the highest power first."""\n    total = ops.zeros_like(x)\n    for coefficient in coefficients:\n        total = total * x + coefficient\n    return total',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  normal_quantile: {
    text: 'def normal_quantile(words: Tensor) -> Tensor:\n    """The normal numbers of words of 32 bits (Wichura, 1988, Algorithm AS 241)."""\n    # Beside the middle as whole numbers: nothing of a small difference is lost.\n    middle = words + -(1 << 31)\n    beside = ops.where(middle >= 0, middle, -1 - middle)\n    size = (wide(beside) + 0.5) * 2.0**-32\n    r = 0.180625 - size * size\n    centre = size * horner(CENTRE, r) / horner(CENTRE_DIVISOR, r)\n    # A word below the middle has no sign.\n    end = ops.where(words >= 0, words, -1 - words)\n    s = ops.sqrt(tail_logarithm(end)) - 1.6\n    tail = horner(TAIL, s) / horner(TAIL_DIVISOR, s)\n    found = ops.where(size <= 0.425, centre, tail)\n    return ops.cast(ops.where(words >= 0, -found, found), "float32")',
    uses: [
      'CENTRE',
      'CENTRE_DIVISOR',
      'TAIL',
      'TAIL_DIVISOR',
      'horner',
      'tail_logarithm',
      'Tensor',
      'wide',
    ],
    imports: ['from keras import ops'],
  },
  tail_logarithm: {
    text: 'def tail_logarithm(words: Tensor) -> Tensor:\n    """-log((word + 0.5) / 2**32), of arithmetic that is rounded alike everywhere."""\n    double = 2.0 * wide(words) + 1.0\n    unit = power_of_two(double)\n    factor, exponent = double / unit, ops.round(ops.log(unit) / math.log(2))\n    is_high = factor >= math.sqrt(2)\n    factor = ops.where(is_high, factor / 2, factor)\n    exponent = ops.where(is_high, exponent + 1, exponent)\n    s = (factor - 1) / (factor + 1)\n    total = ops.zeros_like(s)\n    for odd in range(19, 0, -2):\n        total = total * s * s + 1 / odd\n    return (33 - exponent) * math.log(2) - 2 * s * total',
    uses: ['power_of_two', 'Tensor', 'wide'],
    imports: ['import math', 'from keras import ops'],
  },
  Number: { text: 'Number = Any', uses: [], imports: ['from typing import Any'] },
  Tensor: { text: 'Tensor = Any', uses: [], imports: ['from typing import Any'] },
  LearningRate: {
    text: 'LearningRate = float | Callable[..., Any]',
    uses: [],
    imports: ['from collections.abc import Callable', 'from typing import Any'],
  },
  WIDE: {
    text: 'WIDE = keras.backend.standardize_dtype(ops.convert_to_tensor(np.zeros(())).dtype)',
    uses: [],
    imports: ['import keras', 'import numpy as np', 'from keras import ops'],
  },
  wide: {
    text: 'def wide(x: Number) -> Tensor:\n    """A number in 64 bits where the backend has them: 1 - beta**t loses half of 32."""\n    return ops.cast(x, WIDE)',
    uses: ['Number', 'Tensor', 'WIDE'],
    imports: ['from keras import ops'],
  },
  working: {
    text: 'def working(x: Any) -> Tensor:\n    """The value of a variable, or a gradient, in 32 bits at least."""\n    dtype = keras.backend.standardize_dtype(x.dtype)\n    value = ops.stop_gradient(ops.convert_to_tensor(x))\n    return ops.cast(value, "float32") if dtype in ("bfloat16", "float16") else value',
    uses: ['Tensor'],
    imports: ['from typing import Any', 'import keras', 'from keras import ops'],
  },
  outside_functions: {
    text: '@contextmanager\ndef outside_functions() -> Iterator[None]:\n    """A context in which numbers are known, also while TensorFlow traces a function."""\n    if keras.backend.backend() != "tensorflow":\n        yield\n        return\n    import tensorflow as tf\n\n    with tf.init_scope():\n        yield',
    uses: [],
    imports: [
      'from collections.abc import Iterator',
      'from contextlib import contextmanager',
      'import keras',
    ],
  },
  add_state: {
    text: 'def add_state(\n    optimizer: keras.optimizers.Optimizer,\n    variable: Any,\n    name: str,\n    start: Callable[[Tensor], Tensor],\n) -> keras.Variable:\n    """A variable of an optimizer for one of a model, in 32 bits at least.\n\n    Args:\n        optimizer: The optimizer.\n        variable: The variable of the model.\n        name: What the variable is called behind the name of that of the model.\n        start: Gives its first value for that of the variable of the model.\n    """\n    with outside_functions():\n        first = ops.convert_to_tensor(start(working(variable)))\n        if keras.backend.backend() == "tensorflow":\n            first = ops.convert_to_numpy(first)\n\n    def initializer(shape: Any, dtype: Any = None, **_: Any) -> Tensor:\n        return ops.copy(ops.cast(first, dtype))\n\n    shape = tuple(first.shape)\n    path = getattr(variable, "path", variable.name)\n    is_alike = shape == tuple(variable.shape)\n    return optimizer.add_variable(\n        shape=shape,\n        initializer=initializer,\n        dtype=keras.backend.standardize_dtype(first.dtype),\n        layout=getattr(variable, "_layout", None) if is_alike else None,\n        name=f"{path.replace(\'/\', \'_\').replace(\':\', \'_\')}_{name}",\n    )',
    uses: ['Tensor', 'working', 'outside_functions'],
    imports: [
      'from collections.abc import Callable',
      'from typing import Any',
      'import keras',
      'from keras import ops',
    ],
  },
  add_number: {
    text: 'def add_number(\n    optimizer: keras.optimizers.Optimizer, name: str, start: Number, dtype: str\n) -> keras.Variable:\n    """A variable of an optimizer for a number of the whole run."""\n\n    def initializer(shape: Any, dtype: Any = None, **_: Any) -> Tensor:\n        return ops.copy(ops.cast(start, dtype))\n\n    return optimizer.add_variable(\n        shape=(), initializer=initializer, dtype=dtype, name=name\n    )',
    uses: ['Number', 'Tensor'],
    imports: ['from typing import Any', 'import keras', 'from keras import ops'],
  },
  filled_like: {
    text: 'def filled_like(x: Number, variable: Any) -> Tensor:\n    """What stands for many numbers, in the shape of a variable."""\n    return ops.broadcast_to(ops.cast(x, variable.dtype), variable.shape)',
    uses: ['Number', 'Tensor'],
    imports: ['from typing import Any', 'from keras import ops'],
  },
  checked: {
    text: 'def checked(name: str, given: Any, low: float, high: float, ends: str) -> Any:\n    """A hyperparameter, once it is known that it can be one.\n\n    Raises:\n        TypeError: It is no number.\n        ValueError: It is a number outside its interval.\n    """\n    if isinstance(given, bool) or not isinstance(given, (int, float)):\n        raise TypeError(f"{name} must be a number, not {type(given).__name__}")\n    above = given > low or (given == low and ends[0] == "[")\n    below = given < high or (given == high and ends[1] == "]")\n    if not (above and below):\n        raise ValueError(\n            f"{name} is {given:g}; it must be in {ends[0]}{low:g}, {high:g}{ends[1]}"\n        )\n    return given',
    uses: [],
    imports: ['from typing import Any'],
  },
  checked_rate: {
    text: 'def checked_rate(given: Any, low: float, high: float, ends: str) -> Any:\n    """The same for a learning rate, which may also be a schedule or function."""\n    if callable(given):\n        return given\n    return float(checked("learning_rate", given, low, high, ends))',
    uses: ['checked'],
    imports: ['from typing import Any'],
  },
  stacked: {
    text: 'def stacked(added: list[tuple[Tensor, ...]], place: int) -> Tensor:\n    """What all variables add to a total, behind a 0."""\n    return ops.stack(\n        [ops.cast(x, "float32") for x in (0.0, *(y[place] for y in added))]\n    )',
    uses: ['Tensor'],
    imports: ['from keras import ops'],
  },
  steps_of: {
    text: 'def steps_of(total_steps: int | None) -> float:\n    """The number of steps of the run, NaN where it is not given."""\n    return math.nan if total_steps is None else total_steps',
    uses: [],
    imports: ['import math'],
  },
}
