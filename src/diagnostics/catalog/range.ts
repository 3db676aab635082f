import type { CatalogEntry } from '../diagnostic.ts'

/** What can be wrong with the numbers of a program: intervals that leave a domain, promises that do not hold. */
export const rangeCatalog = {
  'negative-root': {
    severity: 'warning',
    title: 'a root of something that can be negative',
    explanation:
      'The square root of a negative number is NaN, and one NaN in a state spoils the run for good. The compiler follows the interval of every expression: it found that this one reaches below 0.\n\nTake the root of `abs(x)`, or of a value that cannot be negative, such as the average of `g^2`.',
    wrong: 'update = lr * sqrt(g)\n',
    right: 'update = lr * sqrt(abs(g))\n',
  },
  'negative-log': {
    severity: 'warning',
    title: 'a logarithm of something that can be negative',
    explanation:
      'The logarithm of a negative number is NaN, and one NaN in a state spoils the run for good.\n\nTake it of `abs(x) + 1e-7`, which is also safe at 0.',
    wrong: 'update = lr * log(g)\n',
    right: 'update = lr * log(abs(g) + 1e-7)\n',
  },
  'log-of-zero': {
    severity: 'warning',
    title: 'a logarithm of something that can be 0',
    explanation:
      'The logarithm of 0 is minus infinity. Gradients are exactly 0 more often than one would think: behind a dead relu, or in the rows of an embedding that a batch did not touch.\n\nAdd a small number inside the logarithm.',
    wrong: 'update = lr * log(abs(g))\n',
    right: 'update = lr * log(abs(g) + 1e-7)\n',
  },
  'division-by-zero': {
    severity: 'warning',
    title: 'a division by something that can be 0',
    explanation:
      'A number divided by 0 is infinite, and 0 / 0 is NaN. Gradients, and averages of their squares, are exactly 0 more often than one would think: behind a dead relu, or in the rows of an embedding that a batch did not touch.\n\nAdd a small number, usually called epsilon, to a divisor that is never negative. For a divisor of both signs use its absolute value and give the sign to the other side.',
    wrong: 'update = lr * g / sqrt(ema(g^2, 0.99))\n',
    right: 'update = lr * g / (sqrt(ema(g^2, 0.99)) + 1e-8)\n',
  },
  overflow: {
    severity: 'warning',
    title: 'a value that can exceed the largest 32-bit number',
    explanation:
      'Tensors hold 32-bit numbers, of which the largest is about 3.4e38. `exp(x)` is infinite from x = 88.7 on; one large gradient is enough.\n\nLimit the argument, for instance with `min` or `clip`.',
    wrong: 'update = lr * g / exp(abs(g))\n',
    right: 'update = lr * g / exp(min(abs(g), 80))\n',
  },
  'undefined-power': {
    severity: 'warning',
    title: 'a power that is not defined for a negative base',
    explanation:
      'A negative number to a power that is not a whole number is NaN, as with square roots.\n\nTake the power of `abs(x)`, and multiply by `sign(x)` where the sign matters.',
    wrong: 'update = lr * g^0.5\n',
    right: 'update = lr * sign(g) * abs(g)^0.5\n',
  },
  'empty-range': {
    severity: 'error',
    title: 'a range that holds no number',
    explanation:
      'The low end of a range stands first, and an end with a round bracket is not part of it: `[0, 1)` holds 0 but not 1.\n\nSwap the ends, or use square brackets for a range of one number.',
    wrong: 'optimizer Sgd(lr in [1, 0] = 0.5) {\n  update = lr * g\n}\n',
    right: 'optimizer Sgd(lr in [0, 1] = 0.5) {\n  update = lr * g\n}\n',
  },
  'default-out-of-range': {
    severity: 'error',
    title: 'a default value outside its own range',
    explanation:
      'A range says which values a parameter accepts, and its default is one of them.\n\nChange the default or widen the range.',
    wrong: 'optimizer Sgd(lr in (0, 1) = 1) {\n  update = lr * g\n}\n',
    right: 'optimizer Sgd(lr in (0, 1] = 1) {\n  update = lr * g\n}\n',
  },
  'argument-out-of-range': {
    severity: 'error',
    title: 'an argument outside the range of the parameter',
    explanation:
      'The function says with a range which values it accepts, and nothing that this argument can be is among them.\n\nPass a value within the range.',
    wrong: 'update = lr * ema(g, 1.5)\n',
    right: 'update = lr * ema(g, 0.9)\n',
  },
  'decay-out-of-range': {
    severity: 'error',
    title: 'a decay that leaves [0, 1]',
    explanation:
      'A decay promises that its value stays in [0, 1] at every step of every run, whatever its arguments within their ranges. The compiler proves that where it can; where it cannot it tries runs of 1 to 1,000,000 steps, and shows the first step that breaks the promise.\n\nLimit the value, for instance with `clip(x, 0, 1)`, or declare it with `schedule`, which promises nothing.',
    wrong: 'decay warm(t) = (t + 10) / T\n',
    right: 'decay warm(t) = min((t + 10) / T, 1)\n',
  },
  'decay-unproved': {
    severity: 'warning',
    title: 'a decay that is taken at its word',
    explanation:
      'A decay promises that its value stays in [0, 1] at every step of every run. The compiler could not prove it from the intervals of its parts, and tried many steps of runs of 1 to 1,000,000 steps without finding one that breaks the promise. There may still be one, so what is emitted limits the value to [0, 1].\n\nLimit the value with `clip(x, 0, 1)`, or declare it with `schedule`, which promises nothing.',
    wrong: 'decay hump(t) = 4 * t / T * (1 - t / T)\n',
    right: 'decay hump(t) = clip(4 * t / T * (1 - t / T), 0, 1)\n',
  },
  'schedule-past-end': {
    severity: 'warning',
    title: 'a schedule that goes on behind the end of the run',
    explanation:
      'A run may take more steps than the `T` it was told. A decay then holds its last value; a schedule is computed as it stands, and one that is a straight line in `t / T` runs away: below 0 it turns descent into ascent. The compiler tries the schedule up to step `3 * T` of runs of 24 and 200 steps, and warns where it leaves the values that it had before.\n\nWrite `min(t, T - 1)` for `t`, limit the value with `clip(x, low, high)`, or declare a `decay` and scale it where it is used.',
    wrong: 'schedule warm(t) = 2 - t / T\n',
    right: 'schedule warm(t) = 2 - min(t, T - 1) / T\n',
  },
  'decay-unbounded-parameter': {
    severity: 'error',
    title: 'a decay with a parameter that can be anything',
    explanation:
      'A decay promises that its value stays in [0, 1] whatever its arguments. The promise can be checked only when each parameter has a range or a default.\n\nGive the parameter a range: `power in (0, inf)`.',
    wrong: 'decay polynomial(t, power) = (1 - t / T)^power\n',
    right: 'decay polynomial(t, power in (0, inf)) = (1 - t / T)^power\n',
  },
  'no-effect': {
    severity: 'warning',
    title: 'an operand that changes nothing',
    explanation:
      'Adding 0, multiplying by 1 or limiting a value to an interval that it never leaves computes what was there before; multiplying by 0 throws the other side away. It is usually the rest of an experiment, or a wrong number.\n\nRemove it, or write what was meant.',
    wrong: 'update = lr * g * 1\n',
    right: 'update = lr * g\n',
  },
  'constant-condition': {
    severity: 'warning',
    title: 'a comparison that is always true or always false',
    explanation:
      'From the intervals of the two sides it follows that the comparison has the same answer on every step, so one of the two choices is never taken.\n\nRemove the choice, or compare with what was meant.',
    wrong: 'update = lr * where(abs(g) >= 0, g, 0)\n',
    right: 'update = lr * where(abs(g) >= 0.1, g, 0)\n',
  },
  'update-ignores-gradient': {
    severity: 'warning',
    title: 'an update that does not depend on the gradient',
    explanation:
      'Neither the update nor any state it uses has the gradient `g` in it, so training would do the same whatever the loss is.\n\nUse `g`, directly or through a state.',
    wrong: 'update = lr * sign(w)\n',
    right: 'update = lr * (sign(w) + g)\n',
  },
} satisfies Record<string, CatalogEntry>
