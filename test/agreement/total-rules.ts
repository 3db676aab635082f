import { createRandom, rootKey } from '../../src/operators/random.ts'

export const STEPS = 6

/** Every place in which a number over all parameters can stand. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  'a factor of the update': 'update = lr * g * min(1, 0.5 / (global_norm(g) + 1e-6))',
  'two in one round': 'update = lr * g / (global_norm(g) + global_max_abs(w))',
  'one that rests on another':
    'let n = global_norm(g)\nlet clipped = g / (n + 1e-8)\nupdate = clipped * global_sum(abs(clipped) * n)',
  'three rounds':
    'let a = global_sum(g)\nlet b = global_norm(g - a)\nupdate = g * global_dot(g / b, w - a) * 0.01',
  'states of parameters and of the run':
    'state d = 0.1\nstate s = 0\nstate start = w\ns = 0.9 * s + d * g\nlet hat = global_dot(g, start - w) / (global_sum(abs(s)) + 1e-8)\nd = max(d, 0.1 * abs(hat))\nupdate = d * g',
  'states of the run that change places':
    'state a = 1\nstate b = 2\nlet old = a\na = b\nb = old + 0.01 * global_sum(g)\nupdate = lr * g * (a + 2 * b)',
  'a state of the run beside a number of the host':
    'state k = 1\nstate d = 0\nk = 0.5 * k\nd = 0.9 * d + k * global_max_abs(g)\nupdate = lr * d * g / k',
  'shapes decide what is added':
    'let n = global_sum(where(rank(w) >= 2, g^2, abs(g)))\nif rank(w) >= 2 { update = lr * g / (1 + n) } else { update = lr * n * g }',
  'a number of each element or one':
    'update = lr * g * global_sum(1) + global_sum(norm(g)) * w * 1e-3',
  'per output': 'update = 0.01 * g * global_norm(mean(g^2, over = inputs))',
  'some steps only': 'state n = 1\nif mod(t, 2) == 1 { n = global_norm(g) }\nupdate = lr * n * g',
  noise: 'update = lr * normal() * global_norm(g + normal())',
}

export const SHAPES = [[], [3], [2, 3], [2, 1, 2, 2], [0, 2]] as const

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

function numbers(seed: number, count: number, scale = 1): number[] {
  const random = createRandom(rootKey(seed))
  return Array.from({ length: count }, () => Math.fround(scale * (random.uniform() * 2 - 1)))
}

export const start = SHAPES.map((shape, index) => numbers(index, size(shape)))

export const GRADIENTS: Readonly<Record<string, (step: number, index: number) => number[]>> = {
  usual: (step, index) => numbers(100 * step + index + 7, size(SHAPES[index]!)),
  small: (step, index) => numbers(100 * step + index + 7, size(SHAPES[index]!), 1e-12),
  large: (step, index) => numbers(100 * step + index + 7, size(SHAPES[index]!), 1e12),
  zero: (_, index) => numbers(0, size(SHAPES[index]!), 0),
  'not a number': (step, index) =>
    numbers(100 * step + index, size(SHAPES[index]!)).map((x) =>
      step === 3 && index === 1 ? NaN : x,
    ),
}

/** How far two weights may be apart after some steps, in parts of the larger one. */
export const TOLERANCE = 2e-5

export function worst(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const largest = Array.from(expected, Math.abs).reduce((a, b) => Math.max(a, b), 1e-3)
  return Array.from(expected, (value, at) => {
    const own = actual[at]!
    if (Object.is(own, value) || own === value) return 0
    const distance = Math.abs(own - value) / largest
    return Number.isNaN(distance)
      ? Number.isNaN(own) && Number.isNaN(value)
        ? 0
        : Infinity
      : distance
  }).reduce((a, b) => Math.max(a, b), 0)
}
