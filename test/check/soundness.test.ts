import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contains, showInterval, type Interval } from '../../src/operators/interval.ts'
import { operators } from '../../src/operators/table.ts'
import { instantiate } from '../../src/plan/run/evaluate.ts'
import { liveStates } from '../../src/ir/rewrite.ts'
import { specializeTo } from '../../src/plan/choice.ts'
import type { Expression } from '../../src/syntax/ast.ts'
import { checkText } from './check-text.ts'

const callable = operators.filter(
  (row) =>
    row.fixity === undefined &&
    row.kind === 'elementwise' &&
    row.boolean !== true &&
    !row.parameters.some(({ boolean }) => boolean),
)
const namesOf = (count: number): string[] =>
  callable
    .filter(({ parameters }) => parameters.length === count)
    .map((row) => row.callName ?? row.name)

const { whole: expression } = fc.letrec<{ whole: string }>((tie) => ({
  whole: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    fc.constantFrom('g', 'w', 't', 'T', 'm', 'v', 'beta', '0', '1', '2', '0.5', '1e-3', '10'),
    fc.constantFrom(
      't / T',
      '(t + 1) / T',
      'mod(2 * t, T) / T',
      'T - t',
      'beta^(t + 1)',
      'norm(g)',
      'mean(w)',
      'size(w)',
    ),
    fc.tuple(fc.constantFrom(...namesOf(1)), tie('whole')).map(([name, x]) => `${name}(${x})`),
    fc
      .tuple(fc.constantFrom(...namesOf(2)), tie('whole'), tie('whole'))
      .map(([name, x, y]) => `${name}(${x}, ${y})`),
    fc
      .tuple(tie('whole'), fc.constantFrom('+', '-', '*', '/', '^'), tie('whole'))
      .map(([x, operator, y]) => `(${x}) ${operator} (${y})`),
    fc
      .tuple(
        tie('whole'),
        fc.constantFrom('<', '<=', '>', '>=', '==', '!='),
        fc.constantFrom('0', '1', '0.5'),
        tie('whole'),
      )
      .map(([x, operator, bound, y]) => `where((${x}) ${operator} ${bound}, (${x}) * 2, ${y})`),
    fc
      .tuple(
        fc.constantFrom('ema', 'corrected_ema', 'previous', 'running_max', 'heavy_ball'),
        tie('whole'),
      )
      .map(([name, x]) => `${name}(${x})`),
    tie('whole').map((x) => `beta * (${x}) + (1 - beta) * m`),
  ),
}))

const STEPS = 6
const SIZE = 4
/** What rounding of 64-bit numbers may add to both ends. */
const ROUNDING = 1e-9

function inside(range: Interval, value: number): boolean {
  if (contains(range, value)) return true
  const slack = ROUNDING * (1 + Math.abs(value))
  return value >= range.low - slack && value <= range.high + slack
}

describe('intervals', () => {
  it('hold every value that random programs take', () => {
    const program = fc.record({
      m: expression,
      v: expression,
      update: expression,
      seed: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
        minLength: SIZE * 2,
        maxLength: SIZE * 2,
      }),
    })
    fc.assert(
      fc.property(program, ({ m, v, update, seed }) => {
        const text = `optimizer Random(beta in [0, 1) = 0.9) {\n  state m = 0\n  state v = 1\n  m = ${m}\n  v = ${v}\n  update = ${update}\n}\n`
        const { checked, diagnostics } = checkText(text)
        fc.pre(checked.valid)
        expect(diagnostics.every(({ severity }) => severity === 'warning')).toBe(true)
        const [optimizer] = checked.optimizers
        const rangeOf = (value: Expression): Interval => checked.types.get(value)!.interval
        const [, , first, second, third] = optimizer!.statements.map((statement) =>
          statement.kind === 'assign' ? rangeOf(statement.value) : undefined,
        )
        const lowered = specializeTo(checked.lowered.optimizers[0]!.program, [SIZE])
        const evaluation = instantiate(lowered, {
          shape: [SIZE],
          totalSteps: STEPS,
          precision: 64,
        })
        let w = Float64Array.from(seed.slice(0, SIZE))
        const g = Float64Array.from(seed.slice(SIZE))
        let states = evaluation.initialize(w)
        const live = liveStates(lowered)
        const own = ['m', 'v'].map((name) =>
          live.findIndex((index) => lowered.states[index]!.name === name),
        )
        for (let t = 0; t < STEPS; t++) {
          const step = evaluation.update(
            g.map((value, index) => value * Math.sin(t + index + 1)),
            states,
            w,
            t,
          )
          const expectInside = (
            range: Interval | undefined,
            values: number | Float64Array,
          ): void => {
            for (const value of typeof values === 'number' ? [values] : values) {
              if (!inside(range!, value))
                throw new Error(`${value} is not in ${showInterval(range!)} of\n${text}`)
            }
          }
          states = step.states
          if (own[0]! >= 0) expectInside(first, states[own[0]!]!)
          if (own[1]! >= 0) expectInside(second, states[own[1]!]!)
          expectInside(third, step.update)
          // The intervals are those of a run whose parameters stay finite.
          w = w.map((value, index) => value - 0.01 * (Math.sign(step.update[index]!) || 0))
        }
      }),
      { numRuns: Number(process.env['RUNS'] ?? 300), seed: 4 },
    )
  })
})
