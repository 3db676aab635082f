"""The modified Bessel function of the first kind of order 1."""

from keras import ops

from ...python.prelude.numbers import BESSEL_FAR, BESSEL_MIDDLE, BESSEL_NEAR
from .random_quantile import horner
from .variables import Tensor, wide


def bessel_function(x: Tensor) -> Tensor:
    """exp(-abs(x)) I1(x), I1 the modified Bessel function of the first kind."""
    size = wide(ops.abs(x))
    # In powers of the size less 0.5 or 4.5, or of 16 over it, over its root.
    near = size * (0.3125 + horner(BESSEL_NEAR, size - 0.5))
    middle = 0.171875 + horner(BESSEL_MIDDLE, ops.where(size > 8, 8.0, size) - 4.5)
    large = ops.where(size < 8, 8.0, size)
    far = (0.390625 + horner(BESSEL_FAR, 16 / large - 1)) / ops.sqrt(large)
    value = ops.where(size <= 1, near, ops.where(size <= 8, middle, far))
    value = ops.cast(value, x.dtype)
    return ops.where(x < 0, -value, value)
