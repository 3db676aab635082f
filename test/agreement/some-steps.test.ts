import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { loadPrograms } from '../../src/emit/ts/load.ts'
import { createRandom, rootKey, type Random } from '../../src/operators/random.ts'
import { simulate } from '../../src/plan/run/evaluate.ts'
import { compileText } from '../emit/compile-program.ts'
import { useBackend } from '../emit/tensor-backend.ts'

/** What a name stands for at a place of the step. */
type Values = Readonly<Record<string, number>>

/** A line of a program and what it does to the values of names. */
interface Line {
  readonly text: string
  readonly run: (values: Values, t: number) => Values
}

const STATES = ['a', 'b', 'c', 'd']

const TRIALS = 60

beforeAll(() => useBackend('cpu'))

/** A sum of products of names. */
function sum(
  random: Random,
  names: readonly string[],
): {
  readonly text: string
  readonly value: (values: Values) => number
} {
  const terms = Array.from({ length: 2 + random.integer(2) }, () => ({
    factor: 0.25 * (1 + random.integer(3)),
    name: random.pick(names),
  }))
  return {
    text: terms.map(({ factor, name }) => `${factor} * ${name}`).join(' + '),
    value: (values) => terms.reduce((total, { factor, name }) => total + factor * values[name]!, 0),
  }
}

/** A choice on the step of which each side assigns some of the states, through a `let` or not, or has a choice in it. */
function choice(
  random: Random,
  names: readonly string[],
  states: readonly string[],
  depth: number,
): Line {
  const side = (): Line[] => {
    const lines = states.flatMap((state): Line[] => {
      if (random.uniform() < 0.3) return []
      const value = sum(random, names)
      const assign = (text: string): Line => ({
        text: `${state} = ${text}`,
        run: (values) => ({ ...values, [state]: value.value(values) }),
      })
      if (random.uniform() < 0.5) return [assign(value.text)]
      // What the name stands for is what it was at its place.
      return [
        { ...assign(`x_${state}`), text: `let x_${state} = ${value.text}\n${state} = x_${state}` },
      ]
    })
    return lines.length > 0 || depth > 2 ? lines : [choice(random, names, states, depth + 1)]
  }
  const [modulus, rest] = [2 + random.integer(2), random.integer(2)]
  const [then, otherwise] = [
    side(),
    random.uniform() < 0.6 ? [choice(random, names, states, depth + 1)] : side(),
  ]
  const run = (lines: readonly Line[], values: Values, t: number): Values =>
    lines.reduce((before, line) => line.run(before, t), values)
  const block = (lines: readonly Line[]): string => lines.map(({ text }) => text).join('\n')
  return {
    text: `if mod(t, ${modulus}) == ${rest} {\n${block(then)}\n}${otherwise.length > 0 ? ` else {\n${block(otherwise)}\n}` : ''}`,
    run: (values, t) => run(t % modulus === rest ? then : otherwise, values, t),
  }
}

test('states that choices on the step assign are what the lines say, one after the other', async () => {
  const random = createRandom(rootKey(9))
  for (let trial = 0; trial < TRIALS; trial++) {
    const names = [...STATES, 'g', 'w']
    const first = STATES.slice(0, 2)
    const lines = [choice(random, names, first, 0), choice(random, names, STATES.slice(2), 0)]
    const update = sum(random, names)
    const text = `optimizer tried() {\n${STATES.map((state, index) => `state ${state} = ${index + 1}`).join('\n')}\n${lines.map((line) => line.text).join('\n')}\nupdate = g + ${update.text}\n}\n`
    const { programs } = compileText('tried.opt', text)
    const gradients = Array.from({ length: 6 }, () => [random.uniform() - 0.5])
    let values: Values = { a: 1, b: 2, c: 3, d: 4, w: 0.5 }
    const wanted = gradients.map(([g], t) => {
      const before = { ...values, g: g! }
      const after = lines.reduce<Values>((each, line) => line.run(each, t), before)
      values = { ...after, w: after['w']! - g! - update.value(after) }
      return values['w']!
    })
    const found = simulate(programs[0]!, { shape: [1], precision: 64 }, [0.5], gradients)
    found.forEach(([w], t) => expect(w! - wanted[t]!, `step ${t} of\n${text}`).toBeCloseTo(0, 9))
    const [Class] = (await loadPrograms(programs, [], tf)).optimizers.values()
    const optimizer = new Class!({})
    const variable = tf.variable(tf.tensor([0.5]))
    gradients.forEach((gradient, t) => {
      tf.tidy(() => optimizer.applyGradients({ [variable.name]: tf.tensor(gradient) }))
      const off = variable.dataSync()[0]! - wanted[t]!
      const size = Math.max(1, ...wanted.slice(0, t + 1).map(Math.abs))
      expect(off / size, `step ${t} of the class of\n${text}`).toBeCloseTo(0, 3)
    })
    optimizer.dispose()
    variable.dispose()
  }
})
