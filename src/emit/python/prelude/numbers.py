"""Arithmetic of IEEE 754 where Python raises, and functions that Python's math lacks."""

import math


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
