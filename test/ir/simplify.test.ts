import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/compile.ts'
import { simulate } from '../../src/plan/run/evaluate.ts'
import { fingerprint } from '../../src/ir/fingerprint.ts'
import type { GraphNode, Program } from '../../src/ir/graph.ts'
import { simplify } from '../../src/ir/simplify.ts'
import { randomRule } from '../emit/random-rule.ts'
import { firstDifference, runEvaluator, streams } from '../emit/trajectory.ts'
import { loader, optimizerNames, source } from '../stdlib/library.ts'
import { expectNumbers, programOf } from './program.ts'

const RANDOM_PROGRAMS = 40

function lowered(path: string, text: string): Program {
  const { value, diagnostics } = analyze({ path, text }, loader)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return value.lowered.optimizers[0]!.program
}

/** How the runs before and after simplifying differ; the gathering of host factors rounds differently. */
function changed(program: Program, name: string, tolerance: number): string | undefined {
  const inputs = streams(name)
  return firstDifference(
    runEvaluator(simplify(program), inputs, {}),
    runEvaluator(program, inputs, {}),
    tolerance,
  )
}

describe('simplifying does not change values', () => {
  test.each(optimizerNames)('of std/%s', (name) => {
    expect(changed(lowered(`std/${name}`, source(`std/${name}`).text), name, 1e-5)).toBeUndefined()
  })

  test('of random programs', () => {
    for (let number = 1000; number < 1000 + RANDOM_PROGRAMS; number++) {
      const text = randomRule(number)
      expect(changed(lowered('rule.opt', text), `simplify ${number}`, 1e-4), text).toBeUndefined()
    }
  })

  test('done twice is done once', () => {
    for (let number = 2000; number < 2000 + RANDOM_PROGRAMS; number++) {
      const text = randomRule(number)
      const once = simplify(lowered('rule.opt', text))
      expect(fingerprint(simplify(once)), text).toBe(fingerprint(once))
    }
  })
})

/** A graph in the notation of the language, brackets around everything. */
function show(node: GraphNode): string {
  switch (node.kind) {
    case 'constant':
      return String(node.value)
    case 'input':
    case 'parameter':
      return node.name
    case 'state':
      return `state${node.index}`
    case 'total':
      return show(node.of)
    case 'call':
      return `${node.callee.name}(${node.arguments.map(show).join(', ')})`
    case 'apply': {
      const [a, b] = node.arguments.map(show)
      const { fixity, name } = node.operator
      if (fixity?.position === 'infix') return `(${a} ${fixity.symbol} ${b})`
      return `${name}(${node.arguments.map(show).join(', ')})`
    }
  }
}

test.each([
  ['constants are folded', 'update = lr * (2 + 3 * 4) * g', '((lr * 14) * g)'],
  ['laws apply inside each other', 'update = -(-(g * 1 - 0))', 'g'],
  ['operands that commute are tried in both orders', 'update = 1 * g + -0', 'g'],
  ['a square is a square', 'update = g * g + w^2', '(square(g) + square(w))'],
  ['an absolute value that changes nothing goes', 'update = g * abs(norm(w))', '(g * norm(w))'],
  ['one that may does not', 'update = abs(g)', 'abs(g)'],
  ['a known condition is decided', 'update = where(1 < 2, g, w)', 'g'],
])('%s', (_, text, expected) => {
  expect(show(programOf(text).update)).toBe(expected)
})

test('states that nothing needs are left out, and the others keep their values', () => {
  const text = 'state a = 0\nstate b = 0\nstate c = 0\na = g\nb = b + a\nc = c + g\nupdate = lr * c'
  const program = programOf(text)
  expect(program.states.map(({ name }) => name)).toEqual(['c'])
  const [first, second] = simulate(
    program,
    { shape: [1], hyperparameters: { lr: 1 } },
    [0],
    [[1], [2]],
  )
  expectNumbers([...first!, ...second!], [-1, -4])
})

test('a value with a name keeps it', () => {
  const program = programOf('let step = lr * (2 * g)\nupdate = 3 * step')
  expect([...program.names.values()]).toContain('step')
})
