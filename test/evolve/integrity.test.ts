import { describe, expect, test } from 'vitest'
import { checkIntegrity, INTEGRITY } from '../../src/evolve/integrity.ts'
import { programReadsShape } from '../../src/evolve/reads-shape.ts'
import { negateUpdate } from '../../src/mutate/adopt.ts'
import { parse } from '../../src/syntax/parse.ts'
import { programOf } from '../ir/program.ts'
import { programOf as compiled } from '../mutate/published.ts'
import { optimizer, source } from '../stdlib/library.ts'

test('the loss at the start is 7.1525', () => {
  const loss = INTEGRITY.start.reduce<number>(
    (sum, value, index) => sum + (value - INTEGRITY.centre[index]!) ** 2,
    0,
  )
  expect(loss).toBeCloseTo(7.1525, 12)
})

test('the last loss is the one before the last step', () => {
  // Full steps take the sphere to its centre at once: with lr 1/2 after warm-up the loss is gone by then.
  const { accepted, learningRate, loss } = checkIntegrity(programOf('update = 0.5 * lr * g'))
  expect({ accepted, learningRate }).toEqual({ accepted: true, learningRate: 1 })
  expect(loss).toBeLessThan(1e-6)
})

describe('rules that descend are accepted as they are', () => {
  test.each([
    'sgd',
    'momentum',
    'nesterov',
    'adam',
    'rmsprop',
    'lion',
    'opt1',
    'opt5',
    'opt7',
    'opt9',
    'opt10',
  ])('std/%s', (name) => {
    expect(checkIntegrity(optimizer(name))).toMatchObject({ accepted: true, flipped: false })
  })
})

test('a rule that ascends is accepted with its sign flipped', () => {
  const negated = compiled(negateUpdate(parse(source('std/momentum')).value))
  expect(checkIntegrity(negated)).toMatchObject({ accepted: true, flipped: true })
})

describe('rules that cannot descend are rejected', () => {
  test.each([
    ['a constant step', 'update = lr'],
    ['a step along the parameter', 'update = lr * w'],
    ['no step', 'update = 0 * g'],
    ['steps that are not numbers', 'update = lr * log(-abs(g) - 1)'],
    ['steps that are far too large', 'update = 1e30 * lr * g'],
    ['steps that are far too small', 'update = 1e-6 * lr * g'],
  ])('%s', (_, text) => {
    expect(checkIntegrity(programOf(text))).toMatchObject({ accepted: false, flipped: false })
  })
})

describe('a rule that reads the shape of a parameter', () => {
  const reads = (text: string): boolean => programReadsShape(programOf(text))

  test.each([
    ['update = lr * g', false],
    ['update = lr * g / max(norm(g), 1)', false],
    ['update = lr * g / max(norm(g, over = inputs), 1)', true],
    ['update = lr * (g - mean(g, over = outputs))', true],
    ['update = lr * g * sqrt(size(w))', true],
    ['update = lr * g / fan_in(w)', true],
    [
      'state r = 0\nr = 0.9 * r + mean(g^2, over = inputs)\nupdate = lr * g / sqrt(max(r, 1))',
      true,
    ],
    ['if rank(w) >= 2 {\n  update = lr * sign(g)\n} else {\n  update = lr * g\n}', true],
  ])('%s: %s', (text, expected) => {
    expect(reads(text)).toBe(expected)
  })

  test.each([
    ['a vector alone', 'if rank(w) >= 2 {\n  update = lr * w\n} else {\n  update = lr * g\n}'],
    ['a matrix alone', 'if rank(w) >= 2 {\n  update = lr * g\n} else {\n  update = lr * w\n}'],
    [
      'either, with opposite signs',
      'if rank(w) >= 2 {\n  update = lr * g\n} else {\n  update = -lr * g\n}',
    ],
    ['the means of outputs', 'update = lr * mean(g, over = inputs)'],
  ])('is rejected where it minimises %s', (_, text) => {
    expect(checkIntegrity(programOf(text))).toMatchObject({ accepted: false })
  })

  test.each(['adafactor', 'adam_mini', 'adamp', 'cautious_adamw', 'sm3'])(
    'is accepted where it minimises both: std/%s',
    (name) => {
      expect(checkIntegrity(optimizer(name))).toMatchObject({ accepted: true, flipped: false })
    },
  )

  test('needs one learning rate for both', () => {
    const apart = (vector: string, matrix: string): ReturnType<typeof checkIntegrity> =>
      checkIntegrity(
        programOf(
          `if rank(w) >= 2 {\n  update = lr * ${matrix} * g\n} else {\n  update = lr * ${vector} * g\n}`,
        ),
      )
    const plain = checkIntegrity(programOf('update = lr * g'))
    expect(apart('1', '1')).toEqual(plain)
    expect(apart('1', '1e-6')).toMatchObject({ accepted: false })
    expect(apart('100', '0.1')).toMatchObject({ accepted: false })
  })
})

test('a rule without a schedule gets the same one through its learning rate', () => {
  const own = programOf(
    'import { published_lr } from "std/published"\noptimizer Own(lr in (0, inf) = 0.01, warmup in [0, inf) = 0, hold in [0, inf) = 0) {\n  update = published_lr(t, lr, warmup, hold) * g\n}\n',
  )
  const given = checkIntegrity(programOf('update = lr * g'))
  const { loss, learningRate } = checkIntegrity(own)
  expect(learningRate).toBe(given.learningRate)
  expect(loss).toBeCloseTo(given.loss, 6)
})

describe('what a rule declares is held to', () => {
  test('learning rates that it does not allow are not tried', () => {
    const narrow = programOf('optimizer Narrow(lr in (0, 0.5] = 0.1) {\n  update = lr * g\n}\n')
    expect(checkIntegrity(narrow)).toMatchObject({ accepted: true, learningRate: 0.1 })
    expect(checkIntegrity(programOf('update = lr * g'))).toMatchObject({ learningRate: 1 })
    const none = programOf('optimizer Tiny(lr in (0, 1e-7] = 1e-8) {\n  update = lr * g\n}\n')
    expect(checkIntegrity(none)).toEqual({ accepted: false, flipped: false, loss: Infinity })
  })

  test('a rule without a learning rate is listed without one', () => {
    const result = checkIntegrity(programOf('optimizer Own() {\n  update = 0.3 * g\n}\n'))
    expect(result).toMatchObject({ accepted: true, flipped: false })
    expect(result).not.toHaveProperty('learningRate')
  })

  test('a warm-up that must be shorter than the check’s stays at its default', () => {
    const own = (range: string, steps: string): ReturnType<typeof checkIntegrity> =>
      checkIntegrity(
        programOf(
          `optimizer Own(lr in (0, inf) = 0.01, warmup in ${range} = 2) {\n  update = 0.1 * lr * min((t + 1) / (${steps} + 1), 1) * g\n}\n`,
        ),
      )
    expect(own('[0, 5]', 'warmup').loss).toBe(own('[0, inf)', '0 * warmup + 2').loss)
    expect(own('[0, 9]', 'warmup').loss).toBe(own('[0, inf)', '0 * warmup + 6').loss)
    expect(own('[0, 9]', 'warmup').loss).not.toBe(own('[0, 5]', 'warmup').loss)
  })
})
