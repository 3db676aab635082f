import { features } from '../../src/emit/features.ts'
import { library, optFiles } from '../stdlib/library.ts'

/** What one parameter alone can tell; numbers over all of them are in totals.test.ts. */
export const kernelFiles = optFiles('stdlib').filter((name) => {
  const { programs } = library(name)
  return programs.length > 0 && !programs.some(features.totals.isUsedBy)
})

/** Where there are more outputs than inputs, SOAP's basis of outputs is one of many: rounding picks it. */
export const shapesFor = (name: string): readonly number[][] | undefined =>
  name === 'soap'
    ? [
        [2, 2, 3],
        [7, 3],
      ]
    : undefined

/** One for each way in which a step is split into loops, and in which states are kept. */
export const KERNEL_RULES = [
  'update = lr * g / (norm(g) + 1e-8)',
  'let c = g - mean(g)\nlet d = c / (norm(c) + 1e-8)\nupdate = d * dot(d, w) + max_abs(d - w)',
  'update = sum(norm(g)) * w + sum(2) * g',
  'state n = 1\nstate m = w\nlet old = n\nn = 0.5 * n + norm(g - m)\nm = 0.9 * m + old * g\nupdate = lr * m / (1 + n)',
  'state a = 1\nstate b = 2\nlet old = a\na = b\nb = old + sum(g)\nupdate = lr * g * (a + 2 * b)',
  'state a = 0\nstate b = w\nlet old = a\na = b\nb = old + g\nupdate = lr * (a + 2 * b)',
  'state n = 0\nn = size(w)\nupdate = lr * n * g',
  'state k = 1\nk = 0.5 * k\nstate m = lr\nif mod(t, 2) == 1 { m = m + k * g }\nupdate = lr * m',
  'state k = lr\nstate j = 1\nlet old = k\nk = j\nj = old + t\nupdate = (k - j) * g',
  'state a = 1\nstate b = w\nif t > 0 { a = b + g\n b = a * g } else { b = 2 }\nupdate = a + b',
  'if rank(w) >= 2 {\n  state m = 1\n  m = 0.9 * m + g / norm(g)\n  update = m\n} else {\n  state m = 0\n  m = m - g\n  update = lr * m\n}',
  'state m = 0\nm = 0.9 * m + g\nupdate = lr * m\nevaluate = w - lr * m',
  'state start = w\nupdate = g + 0.1 * (w - start)',
  'update = where(t < 2, 0.5, 2) * where(w > 0 and t > 0, g, -g)',
  'update = normal()',
  'let n = normal()\nupdate = n - normal() + 2 * n',
  'state m = 0\nm = 0.5 * m + normal()\nupdate = where(t < 2, m, g * normal())',
  'let d = dropout(g, 0.5)\nupdate = d / (norm(d) + 1e-8) + norm(normal()) * w',
  'if rank(w) >= 2 { update = max(normal(), g) } else { update = dropout(min(normal(), g), 0.3) }',
  'update = lr * where(t < -1, max(sign(w), -0), 0)',
  'update = lr',
  'update = w',
  'state r = 0\nstate c = lr\nr = 0.9 * r + mean(g^2, over = inputs)\nc = 0.9 * c + mean(g^2, over = outputs)\nupdate = g / sqrt(r * c / (mean(r) + 1e-8) + 1e-8)',
  'update = g * sum(w, over = outputs) + norm(g, over = inputs) * max_abs(w, over = outputs)',
  'let a = mean(g, over = inputs)\nlet d = g - a\nupdate = d / (norm(d, over = outputs) + 1e-8) * dot(d, w, over = inputs)',
  'state r = 1\nstate m = w\nlet old = r\nr = sum(m, over = inputs)\nm = old * g\nupdate = m + r',
  'state s = lr\ns = 0.5 * s + sum(mean(g, over = inputs), over = outputs)\nupdate = s * normal() * mean(normal(), over = outputs)',
  'if rank(w) >= 2 { update = g * trace(matmul(g, transpose(w))) + 0.1 * w * norm(g) } else { update = g }',
  // Called as what kernels call.
  'let power = 0.5^abs(g)\nlet floats = mean(g, over = inputs)\nupdate = lr * power * (power + 1) * floats * (floats + 1)',
]
