import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { printTypeScript } from '../../src/emit/ts/print.ts'
import { loadModule, loadOptimizer, loadPrograms } from '../../src/emit/ts/load.ts'
import { expandDefinitions, expandFunction, type IsSpelled } from '../../src/ir/expand.ts'
import { evaluateFunction } from '../../src/ir/schedule.ts'
import { compileProgram, compileText, programNames } from './compile-program.ts'
import { randomRule } from './random-rule.ts'
import { useBackend } from './tensor-backend.ts'
import { firstDifference, runClass, runEvaluator, streams, TOTAL_STEPS } from './trajectory.ts'

async function compareWithEvaluator(name: string, text?: string): Promise<void> {
  const { programs, functions } =
    text === undefined ? compileProgram(name) : compileText(`${name}.opt`, text)
  const { optimizers } = await loadPrograms(programs, functions, tf)
  expect(optimizers.size).toBe(programs.length)
  const inputs = streams(name)
  const hyperparameters = { lr: (t: number) => 0.1 / (1 + t) }
  for (const [index, Class] of [...optimizers.values()].entries()) {
    const actual = runClass(Class, inputs, hyperparameters)
    expect(
      firstDifference(actual, runEvaluator(programs[index]!, inputs, hyperparameters), 2e-5),
    ).toBeUndefined()
  }
}

describe('emitted classes give the numbers of the evaluator', () => {
  describe('cpu', () => {
    test.each(programNames)('%s', async (name) => {
      await useBackend('cpu')
      await compareWithEvaluator(name)
    })
  })

  describe('wasm', () => {
    test.each(['adam', 'matrix_decay', 'lookahead', 'sign_cosine'])('%s', async (name) => {
      await useBackend('wasm')
      await compareWithEvaluator(name)
    })
  })

  test.each([
    ['an update without the gradient', 'update = lr * w'],
    ['an update that is a number', 'update = lr + 0 * lr'],
    [
      'an update that is a state from before',
      'state last = 0\nlast = g\nlet old = previous(g)\nupdate = old',
    ],
    [
      'states that trade places',
      'state a = 0\nstate b = w\nlet old = a\na = b + g\nb = old\nupdate = lr * (a - b)',
    ],
    [
      'exactly traded states',
      'state a = 0.5\nstate b = w\nlet old = a\na = b\nb = old\nupdate = lr * (a + g * b)',
    ],
    [
      'a tensor state that is given a number',
      'state a = w\na = where(t < 2, 1, lr)\nupdate = lr * a * g',
    ],
    ['a tensor state that is given a norm', 'state a = w\na = norm(g) + 0 * t\nupdate = lr * a'],
    ['a statistic state', 'state n = 1\nn = max(n, norm(g))\nupdate = lr * g / n'],
    [
      'an old and a new state side by side',
      'state m = 0\nlet old = m\nm = 0.9 * m + g\nupdate = lr * (m - 0.5 * old)',
    ],
    [
      'host states that read each other',
      'state a = 1\nstate b = 2\nlet old = a\na = b * 0.5\nb = old + b\nupdate = lr * a * b * g',
    ],
    ['a choice on the host with a number on one side', 'update = lr * where(t < 3, g, 1)'],
    ['a rule for one shape only', 'let d = where(rank(w) >= 2, 0.1, 0)\nupdate = lr * (g + d * w)'],
    [
      'nested rules',
      'if rank(w) >= 2 {\n if size(w) > 6 { update = lr * g } else { update = lr * w }\n} else { update = lr * sign(g) }',
    ],
    [
      'reductions of plain numbers',
      'update = lr * (sum(lr) + norm(2) + dot(t, 0.5) + max_abs(-3) + mean(0.1)) * g',
    ],
    ['reductions of statistics', 'update = lr * (sum(norm(g)) + dot(norm(w), g) + norm(mean(g)))'],
    [
      'facts about shapes',
      'update = lr * g * (fan_in(w) + 2 * fan_out(w) + size(w) + rank(w)) / 10',
    ],
    ['dropout of a number', 'update = lr * dropout(lr, 0.5) * g'],
    [
      'two streams of dropout',
      'update = lr * (dropout(g, 0.5) + dropout(w, 0.5) + dropout(g, 0.25))',
    ],
    ['normal numbers', 'let n = normal()\nupdate = lr * (n * g + normal() - 2 * n)'],
    [
      'normal numbers in a reduction',
      'update = lr * (norm(normal(), over = inputs) + sum(normal()))',
    ],
    [
      'a name for what a state held',
      'state a = 1\nlet old = where(t < 5, a, g)\na = a * 0.5 + g\nupdate = lr * (old - a)',
    ],
    [
      'a constant of the step and one of the loop that would have the same name',
      'let u = safe_divide(sigmoid(t) * 2, g)\nupdate = nesterov(decay_linear(t) * u)',
    ],
    ['powers of negative numbers', 'update = lr * ((-2)^2 * g - (-g)^3 + 2^-g)'],
  ])('%s', async (name, text) => {
    await useBackend('cpu')
    await compareWithEvaluator(name, text)
  })
})

describe('programs of primitives alone give the numbers of the whole programs', () => {
  test.each(programNames)('%s', async (name) => {
    await useBackend('cpu')
    const { programs, functions } = compileProgram(name)
    const isPrimitive: IsSpelled = ({ definition }) => definition === undefined
    const { optimizers } = await loadPrograms(
      programs.map((program) => expandDefinitions(program, isPrimitive)),
      functions.map((callee) => expandFunction(callee, isPrimitive)),
      tf,
    )
    const inputs = streams(name)
    for (const [index, Class] of [...optimizers.values()].entries())
      expect(
        firstDifference(
          runClass(Class, inputs, { lr: 0.05 }),
          runEvaluator(programs[index]!, inputs, { lr: 0.05 }),
          2e-5,
        ),
      ).toBeUndefined()
  })
})

test('emitted schedules give the numbers of the evaluator', async () => {
  await useBackend('cpu')
  const { functions } = compileProgram('schedules')
  const loaded = await loadPrograms([], functions, tf)
  const [warmup, square] = functions
  for (let t = 0; t < TOTAL_STEPS; t++) {
    expect(loaded.functions.get('warmupCosine')!(t, TOTAL_STEPS, 4, 0.1)).toBe(
      evaluateFunction(warmup!, [4, 0.1], t, TOTAL_STEPS),
    )
    expect(loaded.functions.get('squareDecay')!(t, TOTAL_STEPS)).toBe(
      evaluateFunction(square!, [], t, TOTAL_STEPS),
    )
  }
})

describe('random rules', () => {
  test.each(Array.from({ length: 8 }, (_, block) => block))('block %i', async (block) => {
    await useBackend('cpu')
    for (let number = block * 10; number < (block + 1) * 10; number++) {
      const text = randomRule(number)
      const { programs } = compileText('rule.opt', text)
      const [Class] = (await loadPrograms(programs, [], tf)).optimizers.values()
      const inputs = streams(`random ${number}`)
      const expected = runEvaluator(programs[0]!, inputs, { lr: 0.05 })
      expect(
        firstDifference(runClass(Class!, inputs, { lr: 0.05 }), expected, 1e-3),
        text,
      ).toBeUndefined()
    }
  })
})

describe('what is loaded without the compiler is what the text says', () => {
  test.each(programNames)('%s', async (name) => {
    await useBackend('cpu')
    const { programs, functions } = compileProgram(name)
    const direct = await loadPrograms(programs, functions, tf)
    const [artifact] = await printTypeScript(programs, functions)
    const translated = await loadModule(artifact!.text, tf)
    expect([...translated.functions.keys()].sort()).toEqual([...direct.functions.keys()].sort())
    expect([...translated.optimizers.keys()]).toEqual([...direct.optimizers.keys()])
    const inputs = streams(name)
    for (const [key, Class] of direct.optimizers) {
      expect(runClass(translated.optimizers.get(key)!, inputs, {})).toEqual(
        runClass(Class, inputs, {}),
      )
    }
  })

  test('a module without an optimizer is an error', async () => {
    await expect(loadOptimizer('export const one: number = 1', tf)).rejects.toThrow(/no optimizer/)
  })
})
