import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Compiled } from '../../src/compile.ts'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import type { Program } from '../../src/ir/graph.ts'
import { planStep } from '../../src/plan/plan.ts'
import { print } from '../../src/syntax/print.ts'
import { compileText } from '../emit/compile-program.ts'
import {
  noteWhatIsLeftOut,
  tensorBackends,
  useBackend,
  type TensorBackend,
} from '../emit/tensor-backend.ts'
import { drawSomeRule, programOf, randomOf } from '../mutate/published.ts'
import { compileFile, library, optFiles } from '../stdlib/library.ts'
import { describeDisagreement, disagreements } from './agree.ts'
import { streams } from './gradients.ts'
import { randomMatrixProgram } from './random-matrices.ts'
import { randomProgram } from './random-program.ts'

const RANDOM_PROGRAMS = 200
const MATRIX_PROGRAMS = 75
const BLOCK = 25
const PUBLISHED_RULES = 40
const SHOWN = 3

type Graphs = Pick<Compiled, 'programs' | 'functions'>

interface Subject {
  readonly name: string
  readonly optimizers: readonly { readonly program: Program; readonly Class: OptimizerClass }[]
}

const subjects = new Map<string, Promise<Subject>>()

/** The optimizers of what `compile` gives, compiled once for all backends. */
function subject(name: string, compile: () => Graphs): Promise<Subject> {
  const known = subjects.get(name)
  if (known !== undefined) return known
  const made = (async (): Promise<Subject> => {
    const { programs, functions } = compile()
    const classes = [...(await loadPrograms(programs, functions, tf)).optimizers.values()]
    return {
      name,
      optimizers: programs.map((program, index) => ({ program, Class: classes[index]! })),
    }
  })()
  subjects.set(name, made)
  return made
}

/** Rules of the published search space, with their texts. */
const publishedRules = Array.from({ length: PUBLISHED_RULES }, (_, number) => {
  const module = drawSomeRule(randomOf('agreement', number))
  return { text: print(module), module }
})

/** What the classes of a program give that the evaluator does not. */
async function faults(
  { name, optimizers }: Subject,
  backend: TensorBackend,
  shapes?: readonly (readonly number[])[],
): Promise<string[]> {
  const found: string[] = []
  for (const { program, Class } of optimizers) {
    const all = await disagreements(program, Class, streams(name, shapes), backend)
    found.push(...all.slice(0, SHOWN).map(describeDisagreement))
    if (all.length > SHOWN) found.push(`and ${all.length - SHOWN} more`)
  }
  return found
}

/** The smallest programs on which a class and the evaluator, or two backends, once went apart. */
const ONCE_APART = [
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
]

/** Random numbers of several places, in states, under conditions and in functions; no rounding tells a class from the evaluator. */
const NOISY = [
  'update = normal()',
  'let n = normal()\nupdate = n - normal() + 2 * n',
  'state m = 0\nm = 0.5 * m + normal()\nupdate = where(t < 2, m, g * normal())',
  'fn noise(x) = x * normal()\nupdate = noise(g) - noise(g)',
  'if rank(w) >= 2 { update = max(normal(), g) } else { update = min(normal(), g) }',
  'update = abs(normal()) + dropout(normal(), 0.5)',
]

/** Values and states for each output and input, of parameters of every rank. */
const ALONG_AXES = [
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
const SOME_STEPS = [
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
const AROUND = [
  'cautious(heavy_ball(g), g)',
  'cautious_weight_decay(heavy_ball(g), 0.1)',
  'centralize(g)',
  'adaptive_clip(g, 0.5)',
  'normalize(g)',
].map((call) => `import { ${call.split('(')[0]} } from "std/wrappers"\nupdate = lr * ${call}`)

/** Values and states that are matrices, of parameters of every rank. */
const MATRICES = [
  'update = lr * matmul(matmul(g, transpose(w)), g)',
  'state l = eye(inputs)\nl = 0.9 * l + matmul(g, transpose(g))\nupdate = matmul(l, g) / (1 + trace(l) + norm(l))',
  'state r = 0\nr = 0.5 * r - matmul(transpose(w), g)\nlet turned = transpose(r)\nupdate = matmul(g, turned * max_abs(turned) - dot(r, turned)) * mean(r)',
  'let s = matmul(transpose(g), matmul(g, transpose(g)))\nupdate = transpose(s) * sum(s)',
  'state q = eye(outputs)\nstate p = 2 * eye(inputs)\nq = orthonormal(q + 0.1 * eye(outputs))\nif mod(t, 2) == 1 { p = where(p > 1, p, 3) + 1 }\nupdate = matmul(p, g) + matmul(g, q)',
  'state l = 1e-4 * eye(inputs)\nlet root = inverse_root(l, 2)\nl = l + matmul(w, transpose(w))\nupdate = matmul(root, g)',
  'state l = eye(inputs)\nstate q = eye(inputs)\nq = eigenvectors(l, max_extent = 64)\nl = l + matmul(w, transpose(w))\nupdate = matmul(transpose(q), g)',
  'update = where(input_count(w) > output_count(w), matmul(g, eye(outputs)), matmul(eye(inputs), g) + orthonormal(w))',
].map((rule) => `if rank(w) >= 2 {\n${rule}\n} else {\nupdate = lr * g\n}`)

const RANKS = [[], [1], [4], [2, 3], [3, 1], [2, 2, 3], [1, 2, 2, 2], [2, 1, 2, 1, 2]]

const MATRIX_SHAPES = [
  [2, 3],
  [3, 1],
  [1, 2, 2, 2],
]

/** Streams are parameters of one model: what all of them add up is compared in totals.test.ts and with the library's traces. */
const isOfOne = (program: Program): boolean => planStep(program).rounds.length === 0

const files = optFiles('stdlib').filter((name) => {
  const { programs } = library(name)
  return programs.length > 0 && programs.every(isOfOne)
})

noteWhatIsLeftOut()

describe.each(tensorBackends)(
  'on %s, the class gives the numbers that the evaluator gives',
  (backend) => {
    beforeAll(() => useBackend(backend))

    test.each(files)('std/%s', async (name) => {
      expect(await faults(await subject(`std/${name}`, () => library(name)), backend)).toEqual([])
    })

    test.each(
      'adafactor adam_mini adamp came sm3 mars muon adamuon normuon scion shampoo soap'.split(' '),
    )('std/%s, which goes by the shape', async (name) => {
      expect(
        await faults(await subject(`std/${name}`, () => library(name)), backend, RANKS),
      ).toEqual([])
    })

    test.each(optFiles('examples'))('examples/%s', async (name) => {
      const path = `examples/${name}.opt`
      expect(await faults(await subject(path, () => compileFile(path)), backend)).toEqual([])
    })

    test.each(ONCE_APART)('%s', async (text) => {
      const own = await subject(text, () => compileText('rule.opt', text))
      expect(await faults(own, backend)).toEqual([])
    })

    test.each([...ALONG_AXES, ...AROUND, ...NOISY])('%s', async (text) => {
      const own = await subject(text, () => compileText('rule.opt', text))
      expect(await faults(own, backend, RANKS)).toEqual([])
    })

    test.each(MATRICES)('%s', async (text) => {
      const own = await subject(text, () => compileText('rule.opt', text))
      expect(await faults(own, backend, RANKS)).toEqual([])
    })

    test.each(SOME_STEPS)('%s', async (text) => {
      const own = await subject(text, () => compileText('rule.opt', text))
      expect(await faults(own, backend)).toEqual([])
    })

    test('rules of the published space', async () => {
      const wrong: string[] = []
      for (const { text, module } of publishedRules) {
        const compile = (): Graphs => ({ programs: [programOf(module)], functions: [] })
        const found = await faults(await subject(text, compile), backend)
        if (found.length > 0) wrong.push(`${text}${found.join('\n')}`)
      }
      expect(wrong.join('\n\n')).toBe('')
    })

    test.each(Array.from({ length: MATRIX_PROGRAMS / BLOCK }, (_, block) => block * BLOCK))(
      'random programs of matrices from %i on',
      async (first) => {
        const wrong: string[] = []
        for (let number = first; number < first + BLOCK; number++) {
          const text = randomMatrixProgram(number)
          const own = await subject(`matrices ${number}`, () => compileText('rule.opt', text))
          const found = await faults(own, backend, MATRIX_SHAPES)
          if (found.length > 0) wrong.push(`${number}:\n${text}${found.join('\n')}`)
        }
        expect(wrong.join('\n\n')).toBe('')
      },
    )

    test.each(Array.from({ length: RANDOM_PROGRAMS / BLOCK }, (_, block) => block * BLOCK))(
      'random programs from %i on',
      async (first) => {
        const wrong: string[] = []
        for (let number = first; number < first + BLOCK; number++) {
          const text = randomProgram(number)
          const found = await faults(
            await subject(`random ${number}`, () => compileText('rule.opt', text)),
            backend,
          )
          if (found.length > 0) wrong.push(`${number}:\n${text}${found.join('\n')}`)
        }
        expect(wrong.join('\n\n')).toBe('')
      },
    )
  },
)

describe('what does not agree is seen', () => {
  beforeAll(() => useBackend('cpu'))

  test.each([
    ['the sign of zero', 'g', 'g + 0', /^minus zero.*, step 0: w\[\d\] is -0 instead of 0$/],
    ['a few units', 'exp(g)', 'exp(g) * (1 + 1e-6)', /^zeros.*: w\[\d\] is -0.00100000/],
    ['one of many steps', 'g', 'where(t < 3, g, w)', /^huge.*, step 3: w/],
    ['a state', 'heavy_ball(g)', 'heavy_ball(g, 0.8)', /^subnormal.*, step 1: velocity/],
  ])('%s', async (_, value, other, wanted) => {
    const optimizerOf = async (text: string): Promise<Subject['optimizers'][number]> => {
      const { optimizers } = await subject(text, () => compileText('rule.opt', text))
      return optimizers[0]!
    }
    const { program } = await optimizerOf(`update = lr * ${value}`)
    const { Class } = await optimizerOf(`update = lr * ${other}`)
    const found = await disagreements(program, Class, streams(value))
    expect(found.map(describeDisagreement)).toContainEqual(expect.stringMatching(wanted))
  })
})
