import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { targetNames, targets } from '../../src/emit/targets.ts'
import { loadPrograms } from '../../src/emit/ts/load.ts'
import { describeDisagreement, disagreements } from '../agreement/agree.ts'
import { streams } from '../agreement/gradients.ts'
import { compileText } from './compile-program.ts'
import { useBackend } from './tensor-backend.ts'

const nested = (count: number, inner: string): string =>
  `${'0.5 * ('.repeat(count)}${inner}${' - lr)'.repeat(count)}`

/** A function that is 180 operators deep, and three times as much where it is put into itself. */
const DEEP = `fn deep(x, lr) = ${nested(90, 'x')}\n`
const thrice = (inner: string): string => `deep(deep(deep(${inner}, lr), lr), lr)`
const chain = (count: number, first: string): string =>
  [
    `let v0 = ${first}`,
    ...Array.from({ length: count }, (_, at) => `let v${at + 1} = v${at} * 0.5 - ${first}`),
  ].join('\n')

/** Programs whose graphs are deeper than Python's brackets and the stacks of what prints them go, and who reads the deep value. */
const PROGRAMS: readonly (readonly [string, string])[] = [
  ['elements', `update = lr * ${thrice('g')}`],
  ['numbers of the run', `update = g * ${thrice('t')}`],
  ['numbers of a parameter', `update = lr * g * ${thrice('norm(g)')}`],
  ['numbers over all parameters', `update = lr * g * ${thrice(`global_norm(${thrice('g')})`)}`],
  ['one side of a choice of the host', `update = lr * where(t < 2, ${thrice('g')}, g)`],
  ['a state', `state m = 0\nm = ${thrice('m + g')}\nupdate = lr * m`],
  ['a state of the run', `state k = 1\nk = ${thrice('k')}\nupdate = k * g`],
  ['what is evaluated with', `update = lr * g\nevaluate = ${thrice('w')}`],
  [
    'a sum',
    `update = lr * (${Array.from({ length: 300 }, (_, at) => `abs(g - ${at})`).join(' + ')})`,
  ],
  ['powers', `update = lr * ${'0.5^'.repeat(300)}abs(g)`],
  [
    'conditions',
    `update = where(${Array.from({ length: 240 }, (_, at) => `g > -${at + 1}`).join(' and ')}, g, lr)`,
  ],
  ['names in a row', `${chain(1500, 'g')}\nupdate = lr * v1500`],
  ['names of the run in a row', `${chain(1500, 'lr')}\nupdate = g * v1500`],
]

const programOf = (text: string) => compileText('deep.opt', DEEP + text)

/** How many brackets stand inside one another. */
function bracketsOf(text: string): number {
  let open = 0
  let most = 0
  for (const character of text.replace(
    /"""[^]*?"""|\/\*\*[^]*?\*\/|'[^'\n]*'|"[^"\n]*"|#.*/g,
    '',
  )) {
    if ('([{'.includes(character)) most = Math.max(most, (open += 1))
    if (')]}'.includes(character)) open -= 1
  }
  return most
}

/** "too many nested parentheses" where there are more. */
const MOST_OF_PYTHON = 200

/** Tries the programs of those names, or all, on every target. */
export function deepTests(names?: readonly string[]): void {
  const tried = PROGRAMS.filter(([name]) => names?.includes(name) ?? true)
  describe.each(tried)('a program with much in one another: %s', (_, text) => {
    beforeAll(() => useBackend('cpu'))

    test.each(targetNames)('is printed by %s', async (target) => {
      const { programs, functions } = programOf(text)
      const [module] = await targets[target].print(programs, functions, {})
      const isPython = targets[target].extension === 'py'
      if (isPython) expect(bracketsOf(module!.text)).toBeLessThan(MOST_OF_PYTHON)
      expect(module!.text.split('\n').length).toBeGreaterThan(20)
    })

    test.each([false, true])('gives the numbers of the evaluator, kernels: %s', async (kernels) => {
      const { programs, functions } = programOf(text)
      if (text.includes('global_norm')) return
      const { optimizers } = await loadPrograms(programs, functions, tf, kernels)
      const [Class] = optimizers.values()
      const found = await disagreements(programs[0]!, Class!, streams('deep'), 'cpu')
      expect(found.slice(0, 3).map(describeDisagreement).join('\n')).toBe('')
    })
  })

  test('schedules are split up, too', async () => {
    const { programs, functions } = compileText(
      'deep.opt',
      `${DEEP}schedule long(t, lr in [0, inf) = 0.1) = ${thrice('t')}\n`,
    )
    for (const target of targetNames) {
      const [module] = await targets[target].print(programs, functions, {})
      expect(bracketsOf(module!.text), target).toBeLessThan(MOST_OF_PYTHON)
    }
  })
}
