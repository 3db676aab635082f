import { expect, test } from 'vitest'
import { laneLoop, loopForConstant } from '../../src/plan/run/lane-loop.ts'
import type { ElementwiseOperator } from '../../src/operators/operator.ts'
import { infixOperators, operators } from '../../src/operators/table.ts'
import { randomOf } from '../mutate/published.ts'

const power = infixOperators.find(
  (operator): operator is ElementwiseOperator => operator.fixity?.symbol === '^',
)!

/** 32-bit numbers of every exponent, with many and with few digits, and the special ones. */
const numbers = Float32Array.from([
  0,
  -0,
  NaN,
  Infinity,
  -Infinity,
  ...Array.from({ length: 200_000 }, (_, index) => {
    const random = randomOf('lanes', index)
    const digits = index % 2 === 0 ? 2 ** 23 : 2 ** (index % 24)
    const mantissa = 1 + Math.floor(random.uniform() * digits) / digits
    return (random.chance(0.5) ? 1 : -1) * mantissa * 2 ** (random.integer(200) - 120)
  }),
])

test('third powers are those of the operator, rounded', () => {
  const cubes = loopForConstant(power, 3)!
  const result = new Float32Array(numbers.length)
  cubes(result, 0, numbers.length, numbers, 0)
  const wrong = [...numbers].filter(
    (x, index) => !Object.is(result[index], Math.fround(power.meaning(x, 3))),
  )
  expect(wrong).toEqual([])
})

test('other constants and operators have no loop of their own', () => {
  expect(loopForConstant(power, 2)).toBeUndefined()
  const others = operators.filter(
    (operator): operator is ElementwiseOperator =>
      operator.kind === 'elementwise' && operator !== power,
  )
  expect(others.filter((operator) => loopForConstant(operator, 3) !== undefined)).toEqual([])
})

test.each(operators.flatMap((operator) => (operator.kind === 'elementwise' ? [operator] : [])))(
  'the loops of $name give its meaning, rounded, for lanes and numbers',
  (operator) => {
    const random = randomOf('loops', operator.name)
    const lanes = operator.parameters.map(() =>
      Float32Array.from({ length: 12 }, () => 2 * random.normal()),
    )
    for (let shape = 0; shape < 2 ** lanes.length; shape++) {
      const areNumbers = lanes.map((_, index) => ((shape >> index) & 1) === 1)
      const result = new Float32Array(8).fill(7)
      const places = lanes.flatMap((values) => [values, 2])
      const arguments_ = areNumbers.map((isNumber) => (isNumber ? 'number' : 'lanes'))
      laneLoop(operator, arguments_, 32)(result, 1, 7, ...places)
      const wanted = Float32Array.from(result, (_, lane) =>
        lane < 1 || lane >= 7
          ? 7
          : operator.meaning(
              ...lanes.map((values, index) => values[2 + (areNumbers[index] ? 0 : lane)]!),
            ),
      )
      expect(result).toEqual(wanted)
    }
  },
)
