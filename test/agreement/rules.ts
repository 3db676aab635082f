import type { Program } from '../../src/ir/graph.ts'
import { planStep } from '../../src/plan/plan.ts'
import { library, optFiles } from '../stdlib/library.ts'

/** The smallest programs on which a class and the evaluator, or two backends, once went apart. */
export const ONCE_APART = [
  'update = where(w > size(w), g, 2 * w)',
  'update = lr * sqrt(size(w)) * g',
  'state n = lr * 3\nn = where(t < 2, lr / size(w), n + norm(g))\nupdate = n * g',
  'update = 1 / min(w, g)',
  'update = 1 / max(w, g)',
  'update = 1 / max(g, 0)',
  'update = 1 / min(g, -0)',
  'update = 1 / clip(g, w, 0)',
  'update = relu(w / g - w / g)',
  'update = 1 / mod(g, -2)',
  'update = dropout(g, 0.97)',
  'update = sum(g) * w',
  'update = dot(g, g * w) * g',
  'update = (1e30 * g) * 1e30',
  'update = lr * previous(w)',
  'state s = 1\nlet old = s\ns = w\nupdate = lr * old * s',
]

/** Random numbers of several places, in states, under conditions and in functions; no rounding tells a class from the evaluator. */
export const NOISY = [
  'update = normal()',
  'let n = normal()\nupdate = n - normal() + 2 * n',
  'state m = 0\nm = 0.5 * m + normal()\nupdate = where(t < 2, m, g * normal())',
  'fn noise(x) = x * normal()\nupdate = noise(g) - noise(g)',
  'if rank(w) >= 2 { update = max(normal(), g) } else { update = min(normal(), g) }',
  'update = abs(normal()) + dropout(normal(), 0.5)',
]

/** Values and states for each output and input, of parameters of every rank. */
export const ALONG_AXES = [
  'update = lr * g / (norm(g, over = inputs) + 1e-8)',
  'update = lr * sum(g, over = outputs) * max_abs(w, over = inputs)',
  'update = mean(g * w, over = outputs) - dot(g, w, over = inputs)',
  'update = sum(mean(g, over = inputs)) * sum(mean(g, over = inputs), over = inputs)',
  'update = where(max_abs(g, over = outputs) > norm(w, over = inputs), g, w)',
  'state r = 0\nstate c = 1\nr = 0.9 * r + 0.1 * mean(g^2, over = inputs)\nc = 0.9 * c + sum(abs(g), over = outputs)\nupdate = g / sqrt(1e-8 + r * c)',
  'state r = 1\nr = where(t < 1, 2, max(r, max_abs(g, over = outputs)))\nupdate = r',
  'state r = 1\nlet n = norm(g)\nif size(w) > 4 { r = n + 0 * sum(g, over = inputs) } else { r = n }\nupdate = r * dropout(mean(g, over = inputs), 0.5)',
  'state n = 0\nn = mean(mean(g, over = outputs), over = inputs) + sum(norm(g), over = outputs)\nupdate = n',
  'update = previous(mean(g, over = inputs)) * previous(mean(w, over = outputs))',
]

/** States that are assigned on some steps only. */
export const SOME_STEPS = [
  'state m = 0\nif mod(t, 2) == 1 {\n  let d = g - w\n  m = d * norm(d)\n}\nupdate = lr * (g + m)',
  'state a = 1\nstate b = w\nif t > 0 { a = b + g\n b = a * g } else { b = 2 }\nupdate = a + b',
  'state a = 0\nstate b = 0\nlet s = g * w\nif t < 2 { a = s }\nb = a + s\nupdate = a - b',
  'state k = 1\nif t / T < 0.5 { k = 0.5 * k }\nif k < 0.9 and t != 2 { update = k * g } else { update = g }',
  'state a = 0\nif rank(w) >= 2 { if t > 1 { a = previous(a) + g } } else { a = g }\nupdate = a',
  'if rank(w) >= 2 {\n  state m = 1\n  state v = w\n  m = 0.9 * m + g\n  v = v + m\n  update = m * v\n} else {\n  state m = 0\n  m = m - g\n  update = lr * m\n}',
  'if rank(w) < 2 {\n  update = g\n} else {\n  state r = 0\n  r = r + mean(g^2, over = inputs)\n  update = g / (1 + r)\n}',
  'state a = 0\nif t == 0 { a = g } else if t == 1 { a = w } else { a = a + 1 }\nupdate = a',
]

/** Library functions that reduce what they are put around. */
export const AROUND = [
  'cautious(heavy_ball(g), g)',
  'cautious_weight_decay(heavy_ball(g), 0.1)',
  'centralize(g)',
  'adaptive_clip(g, 0.5)',
  'normalize(g)',
].map((call) => `import { ${call.split('(')[0]} } from "std/wrappers"\nupdate = lr * ${call}`)

/** Values and states that are matrices, of parameters of every rank. */
export const MATRICES = [
  'update = lr * matmul(matmul(g, transpose(w)), g)',
  'state l = eye(inputs)\nl = 0.9 * l + matmul(g, transpose(g))\nupdate = matmul(l, g) / (1 + trace(l) + norm(l))',
  'state r = 0\nr = 0.5 * r - matmul(transpose(w), g)\nlet turned = transpose(r)\nupdate = matmul(g, turned * max_abs(turned) - dot(r, turned)) * mean(r)',
  'let s = matmul(transpose(g), matmul(g, transpose(g)))\nupdate = transpose(s) * sum(s)',
  'state q = eye(outputs)\nstate p = 2 * eye(inputs)\nq = orthonormal(q + 0.1 * eye(outputs))\nif mod(t, 2) == 1 { p = where(p > 1, p, 3) + 1 }\nupdate = matmul(p, g) + matmul(g, q)',
  'state l = 1e-4 * eye(inputs)\nlet root = inverse_root(l, 2)\nl = l + matmul(w, transpose(w))\nupdate = matmul(root, g)',
  'state l = eye(inputs)\nstate q = eye(inputs)\nq = eigenvectors(l, max_extent = 64)\nl = l + matmul(w, transpose(w))\nupdate = matmul(transpose(q), g)',
  'update = where(input_count(w) > output_count(w), matmul(g, eye(outputs)), matmul(eye(inputs), g) + orthonormal(w))',
].map((rule) => `if rank(w) >= 2 {\n${rule}\n} else {\nupdate = lr * g\n}`)

export const RANKS = [[], [1], [4], [2, 3], [3, 1], [2, 2, 3], [1, 2, 2, 2], [2, 1, 2, 1, 2]]

export const MATRIX_SHAPES = [
  [2, 3],
  [3, 1],
  [1, 2, 2, 2],
]

/** Library files whose step depends on the shape. */
export const SHAPED =
  'adafactor adam_mini adamp came sm3 mars muon adamuon normuon scion shampoo soap'.split(' ')

/** Streams are parameters of one model: what all of them add up is compared in totals.test.ts and with the library's traces. */
const isOfOne = (program: Program): boolean => planStep(program).rounds.length === 0

export const FILES = optFiles('stdlib').filter((name) => {
  const { programs } = library(name)
  return programs.length > 0 && programs.every(isOfOne)
})
