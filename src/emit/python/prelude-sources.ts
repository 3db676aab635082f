// Written from the files of prelude by `npm run generate`.
import type { PythonPiece } from './piece.ts'

/** The name of a piece of the prelude. */
export type PreludeName =
  | 'divide'
  | 'power'
  | 'square'
  | 'sign'
  | 'minimum'
  | 'maximum'
  | 'clip'
  | 'floor'
  | 'modulo'
  | 'square_root'
  | 'exponential'
  | 'exponential_m1'
  | 'logarithm'
  | 'logarithm_1p'
  | 'sine'
  | 'cosine'
  | 'sigmoid'
  | 'softplus'
  | 'softsign'
  | 'log_one_plus_exp'
  | 'sigmoid_derivative'
  | 'polynomial'
  | 'BESSEL_NEAR'
  | 'BESSEL_MIDDLE'
  | 'BESSEL_FAR'
  | 'bessel_i1e'

/** What emitted modules carry as it is: each piece by its name. */
export const preludeSources: Readonly<Record<PreludeName, PythonPiece>> = {
  divide: {"text":"def divide(a: float, b: float) -> float:\n    \"\"\"The quotient: infinite, or NaN, where ``b`` is 0.\"\"\"\n    if b != 0:\n        return a / b\n    if a == 0 or math.isnan(a):\n        return math.nan\n    return math.copysign(math.inf, a) * math.copysign(1.0, b)","uses":[],"imports":["import math"]},
  power: {"text":"def power(base: float, exponent: float) -> float:\n    \"\"\"The power: NaN for a root of a negative number, infinite where it is too large.\"\"\"\n    try:\n        return math.pow(base, exponent)\n    except OverflowError:\n        is_negative = base < 0 and exponent % 2 == 1\n        return -math.inf if is_negative else math.inf\n    except ValueError:\n        if base != 0:\n            return math.nan\n        return math.copysign(math.inf, base) if exponent % 2 == 1 else math.inf","uses":[],"imports":["import math"]},
  square: {"text":"def square(x: float) -> float:\n    \"\"\"The square: infinite where it is too large.\"\"\"\n    return x * x","uses":[],"imports":[]},
  sign: {"text":"def sign(x: float) -> float:\n    \"\"\"1 for positive numbers, -1 for negative ones, else the number itself.\"\"\"\n    return 1.0 if x > 0 else -1.0 if x < 0 else x","uses":[],"imports":[]},
  minimum: {"text":"def minimum(a: float, b: float) -> float:\n    \"\"\"The smaller of two numbers: NaN if either is, and -0 below 0.\"\"\"\n    if math.isnan(a) or math.isnan(b):\n        return math.nan\n    if a == b == 0:\n        return min(math.copysign(1.0, a), math.copysign(1.0, b)) * 0.0\n    return min(a, b)","uses":[],"imports":["import math"]},
  maximum: {"text":"def maximum(a: float, b: float) -> float:\n    \"\"\"The larger of two numbers: NaN if either is, and 0 above -0.\"\"\"\n    if math.isnan(a) or math.isnan(b):\n        return math.nan\n    if a == b == 0:\n        return max(math.copysign(1.0, a), math.copysign(1.0, b)) * 0.0\n    return max(a, b)","uses":[],"imports":["import math"]},
  clip: {"text":"def clip(x: float, bound: float) -> float:\n    \"\"\"The number limited to [-abs(bound), abs(bound)].\"\"\"\n    return minimum(maximum(x, -abs(bound)), abs(bound))","uses":["minimum","maximum"],"imports":[]},
  floor: {"text":"def floor(x: float) -> float:\n    \"\"\"The largest whole number that is not larger; infinities and NaN as they are.\"\"\"\n    return float(math.floor(x)) if math.isfinite(x) and x != 0 else x","uses":[],"imports":["import math"]},
  modulo: {"text":"def modulo(a: float, b: float) -> float:\n    \"\"\"The remainder of a floored division: NaN where ``b`` is 0.\"\"\"\n    return a % b if b != 0 else math.nan","uses":[],"imports":["import math"]},
  square_root: {"text":"def square_root(x: float) -> float:\n    \"\"\"The square root: NaN for negative numbers.\"\"\"\n    return math.sqrt(x) if x >= 0 else math.nan","uses":[],"imports":["import math"]},
  exponential: {"text":"def exponential(x: float) -> float:\n    \"\"\"The exponential: infinite where it is too large.\"\"\"\n    try:\n        return math.exp(x)\n    except OverflowError:\n        return math.inf","uses":[],"imports":["import math"]},
  exponential_m1: {"text":"def exponential_m1(x: float) -> float:\n    \"\"\"The exponential less 1: infinite where it is too large.\"\"\"\n    try:\n        return math.expm1(x)\n    except OverflowError:\n        return math.inf","uses":[],"imports":["import math"]},
  logarithm: {"text":"def logarithm(x: float) -> float:\n    \"\"\"The natural logarithm: -inf at 0, NaN for negative numbers.\"\"\"\n    if x > 0:\n        return math.log(x)\n    return -math.inf if x == 0 else math.nan","uses":[],"imports":["import math"]},
  logarithm_1p: {"text":"def logarithm_1p(x: float) -> float:\n    \"\"\"The natural logarithm of 1 + x: -inf at -1, NaN below.\"\"\"\n    if x > -1:\n        return math.log1p(x)\n    return -math.inf if x == -1 else math.nan","uses":[],"imports":["import math"]},
  sine: {"text":"def sine(x: float) -> float:\n    \"\"\"The sine: NaN at the infinities.\"\"\"\n    return math.sin(x) if math.isfinite(x) else math.nan","uses":[],"imports":["import math"]},
  cosine: {"text":"def cosine(x: float) -> float:\n    \"\"\"The cosine: NaN at the infinities.\"\"\"\n    return math.cos(x) if math.isfinite(x) else math.nan","uses":[],"imports":["import math"]},
  sigmoid: {"text":"def sigmoid(x: float) -> float:\n    \"\"\"The logistic function.\"\"\"\n    e = math.exp(-abs(x))\n    return (1.0 if x >= 0 else e) / (1 + e)","uses":[],"imports":["import math"]},
  softplus: {"text":"def softplus(x: float) -> float:\n    \"\"\"The logarithm of 1 + exp(x).\"\"\"\n    return maximum(x, 0.0) + math.log1p(math.exp(-abs(x)))","uses":["maximum"],"imports":["import math"]},
  softsign: {"text":"def softsign(x: float) -> float:\n    \"\"\"x / (1 + abs(x)).\"\"\"\n    return x / (1 + abs(x))","uses":[],"imports":[]},
  log_one_plus_exp: {"text":"def log_one_plus_exp(x: float) -> float:\n    \"\"\"The logarithm of 1 + exp(x) + 1e-7.\"\"\"\n    top = maximum(x, 0.0)\n    return top + math.log1p(math.exp(-abs(x)) + 1e-7 * math.exp(-top))","uses":["maximum"],"imports":["import math"]},
  sigmoid_derivative: {"text":"def sigmoid_derivative(x: float) -> float:\n    \"\"\"The derivative of the logistic function.\"\"\"\n    e = math.exp(-abs(x))\n    return e / (1 + e) ** 2","uses":[],"imports":["import math"]},
  polynomial: {"text":"def polynomial(coefficients: tuple[float, ...], x: float) -> float:\n    \"\"\"The value at ``x``, the coefficient of the highest power first.\"\"\"\n    total = 0.0\n    for coefficient in coefficients:\n        total = total * x + coefficient\n    return total","uses":[],"imports":[]},
  BESSEL_NEAR: {"text":"BESSEL_NEAR = (\n    -1.6735667828350472e-10,\n    1.3857874217910209e-9,\n    -1.0617883913149256e-8,\n    7.718907337002434e-8,\n    -5.226867413738982e-7,\n    3.278207818215809e-6,\n    -1.892471629279249e-5,\n    9.980789894849256e-5,\n    -0.0004765767845346078,\n    0.0020377169161055796,\n    -0.0076945077687570855,\n    0.02520132336444367,\n    -0.06985466405742914,\n    0.15802514469243717,\n    -0.27413749095041684,\n    0.00034160636974339426,\n)","uses":[],"imports":[]},
  BESSEL_MIDDLE: {"text":"BESSEL_MIDDLE = (\n    -1.944605102081048e-26,\n    2.861244501577915e-25,\n    -2.3481088221365235e-24,\n    3.072090147346203e-23,\n    -4.538998550464956e-22,\n    5.624252105316609e-21,\n    -6.535364067374883e-20,\n    7.416319362244236e-19,\n    -8.072649097360361e-18,\n    8.369142641762454e-17,\n    -8.261485463748354e-16,\n    7.75018478839818e-15,\n    -6.88978295446268e-14,\n    5.786798005920491e-13,\n    -4.577056685406659e-12,\n    3.39656472812943e-11,\n    -2.354841838210462e-10,\n    1.5178072155581896e-9,\n    -9.041602107875657e-9,\n    4.9410511340244557e-8,\n    -2.45187526349385e-7,\n    1.0870808807350256e-6,\n    -4.172495384355806e-6,\n    1.2739879430211714e-5,\n    -2.0121165997943055e-5,\n    -0.00011196764777588062,\n    0.001616218643052865,\n    -0.01475139406855252,\n    -0.0009161777025078863,\n)","uses":[],"imports":[]},
  BESSEL_FAR: {"text":"BESSEL_FAR = (\n    -1.9677083272584384e-11,\n    6.135932778393812e-11,\n    1.417650842869536e-10,\n    -4.6561597954216946e-10,\n    -4.798751536934023e-10,\n    1.657764699456319e-9,\n    1.0715528639398075e-9,\n    -3.75344338735913e-9,\n    -1.992076551203188e-9,\n    6.202984113000443e-9,\n    3.803814960536081e-9,\n    -7.863004697555056e-9,\n    -7.816968266767898e-9,\n    5.963645798166707e-9,\n    1.408852075202545e-8,\n    6.737493433374833e-9,\n    -8.43880090582137e-9,\n    -2.337446787242448e-8,\n    -4.312778920167609e-8,\n    -1.0001282610189342e-7,\n    -3.4838567401229716e-7,\n    -1.8349101357991557e-6,\n    -1.5038547197358572e-5,\n    -0.00021923576383382282,\n    -0.009749577193235768,\n    -0.0012265409741276717,\n)","uses":[],"imports":[]},
  bessel_i1e: {"text":"def bessel_i1e(x: float) -> float:\n    \"\"\"exp(-abs(x)) I1(x), I1 the modified Bessel function of the first kind.\"\"\"\n    size = abs(x)\n    # In powers of the size less 0.5 or 4.5, or of 16 over it less 1, over its root.\n    if size <= 1:\n        return x * (0.3125 + polynomial(BESSEL_NEAR, size - 0.5))\n    if size <= 8:\n        value = 0.171875 + polynomial(BESSEL_MIDDLE, size - 4.5)\n    else:\n        value = (0.390625 + polynomial(BESSEL_FAR, 16 / size - 1)) / math.sqrt(size)\n    return -value if x < 0 else value","uses":["polynomial","BESSEL_NEAR","BESSEL_MIDDLE","BESSEL_FAR"],"imports":["import math"]},
}
