import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { selectBackend } from '../../src/runtime/backends.ts'
import type { Examples } from '../../src/tasks/examples.ts'
import { readTables, type JoinedTable } from '../../src/tasks/formats/csv.ts'
import { scalingOf, standardized } from '../../src/tasks/scaling.ts'
import { splitRows } from '../../src/tasks/split-rows.ts'
import { tableExamples, type TableRoles } from '../../src/tasks/table-examples.ts'
import { fileOf, problemOf, valueOf } from './formats/files.ts'

beforeAll(async () => {
  expect(await selectBackend('cpu')).toMatchObject({ ok: true })
})

const tableOf = (...texts: readonly string[]): JoinedTable =>
  valueOf(readTables(texts.map((text) => fileOf(text))))

const allOf = ({ count, inputs, answers }: Examples): readonly [number[][], number[]] => {
  const indices = Array.from({ length: count }, (_, index) => index)
  const tensor = inputs(indices)
  const rows = tensor.arraySync() as number[][]
  tensor.dispose()
  return [rows, Array.from(answers(indices))]
}

const PEOPLE = 'age,job,height,pay\n1,clerk,2,10\n3,baker,,30\n5,clerk,4,20\n7,smith,8,50\n'
const parts = { train: [0, 1, 2], validation: [3], test: [3] }

describe('rows of a table', () => {
  it('are scaled by the training part, with a column a category, and one for what is missing', () => {
    const before = tf.memory().numTensors
    const sets = valueOf(
      tableExamples(tableOf(PEOPLE), parts, { target: 'pay', answers: 'numbers' }),
    )
    expect(sets.features).toEqual([
      ...['age', 'job=baker', 'job=clerk', 'height', 'height is missing'],
    ])
    expect(sets).toMatchObject({ input: [5], outputs: 1 })
    const age = Math.sqrt(8 / 3)
    const [rows, pay] = allOf(sets.train)
    expect(rows.flat()).toEqual(
      [-2 / age, 0, 1, -1, 0, ...[0, 1, 0, 0, 1], 2 / age, 0, 1, 1, 0].map(Math.fround),
    )
    const deviation = Math.sqrt(200 / 3)
    expect(sets.deviations![0]).toBeCloseTo(deviation, 12)
    expect(pay).toEqual([-10, 10, 0].map((value) => Math.fround(value / deviation)))
    const [[other], [more]] = allOf(sets.test)
    expect(other).toEqual([4 / age, 0, 0, 5, 0].map(Math.fround))
    expect(more).toBeCloseTo(30 / deviation, 6)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('tell classes by texts or whole numbers, from the columns that are named and as they are', () => {
    const roles = { target: 'job', answers: 'class', columns: ['pay', 'age'], isScaled: false }
    const inTrain = { train: [0, 1, 2, 3], validation: [1], test: [2] }
    const sets = valueOf(tableExamples(tableOf(PEOPLE), inTrain, roles as TableRoles))
    expect(sets).toMatchObject({ classes: ['baker', 'clerk', 'smith'], outputs: 3 })
    expect(allOf(sets.train)).toEqual([
      [10, 30, 20, 50].map((pay, index) => [pay, 1 + 2 * index]),
      [1, 0, 1, 2],
    ])
    const byNumber = valueOf(
      tableExamples(tableOf(PEOPLE), inTrain, { target: 'pay', answers: 'class' }),
    )
    expect(byNumber.classes).toEqual(['10', '20', '30', '50'])
    expect(allOf(byNumber.train)[1]).toEqual([0, 2, 1, 3])
  })

  it('tell several numbers', () => {
    const sets = valueOf(
      tableExamples(tableOf(PEOPLE), parts, {
        ...{ target: ['pay', 'age'], answers: 'numbers', isScaled: false },
      }),
    )
    expect(sets.outputs).toBe(2)
    expect(sets.features).not.toContain('age')
    expect(allOf(sets.train)[1]).toEqual([10, 1, 30, 3, 20, 5])
  })

  it('come from several files with the same columns, whose kinds all of them decide', () => {
    const table = tableOf('a,b\n1,x\n2,y\n', 'a,b\nz,x\n')
    expect(table).toMatchObject({ rows: 3, columns: [{ kind: 'categories' }, {}] })
    expect(table.files.map(({ lines }) => lines)).toEqual([[2, 3], [2]])
    const [first, second] = [fileOf('a,b\n1,2\n'), fileOf('a,c\n1,2\n')]
    expect(problemOf(readTables([first, second]))).toMatchObject({
      path: second,
      problem: 'calls column 2 "c", not "b"',
      expected: `the columns of ${first}`,
    })
    expect(problemOf(readTables([first, fileOf('a\nx\n')])).problem).toBe('has 1 columns, not 2')
  })

  it.each<[string, string, Partial<TableRoles>, string | RegExp]>([
    ['a missing target', 'a,b\n1,\n2,3\n4,4\n5,5\n', {}, 'has no "b" in line 2'],
    ['text for numbers', 'a,b\n1,1\n2,x\n4,y\n5,1\n', {}, 'has text in the column "b" in line 2'],
    [
      'a fraction for a class',
      'a,b\n1,1\n2,0\n4,0.5\n5,0\n',
      { answers: 'class' },
      'has 0.5 as "b" in line 4',
    ],
    [
      'a class that is not trained',
      'a,b\n1,x\n2,y\n4,x\n5,z\n',
      { answers: 'class' },
      'has the class "z" in line 5',
    ],
    [
      'one class',
      'a,b\n1,x\n2,x\n4,x\n5,x\n',
      { answers: 'class' },
      'has 1 different values of "b" in the rows to train on',
    ],
    ['nothing to tell it by', 'b\n1\n2\n3\n4\n', {}, 'gives 4 rows of 0 numbers'],
    [
      'names for categories',
      `a,b\n${Array.from({ length: 1001 }, (_, index) => `n${index},${index}\n`).join('')}`,
      {},
      'has 1001 different texts in the column "a"',
    ],
  ])('are refused with %s', (_, text, roles, problem) => {
    const path = fileOf(text)
    const table = valueOf(readTables([path]))
    const found = problemOf(
      tableExamples(table, parts, { target: 'b', answers: 'numbers', ...roles }),
    )
    expect(found).toMatchObject({ path, problem })
  })

  it('name the file and the line of the file where there are several', () => {
    const [first, second] = [fileOf('a,b\n1,1\n2,2\n'), fileOf('a,b\n3,3\n4,\n')]
    const table = valueOf(readTables([first, second]))
    const roles = { target: 'b', answers: 'numbers' } as const
    expect(
      problemOf(tableExamples(table, { train: [0, 1], validation: [2], test: [3] }, roles)),
    ).toMatchObject({ path: second, problem: 'has no "b" in line 3' })
  })

  it('need columns that are there', () => {
    expect(() =>
      tableExamples(tableOf('a,b\n1,2\n'), parts, { target: 'c', answers: 'numbers' }),
    ).toThrow('there is no column "c"')
  })
})

describe('a split', () => {
  it('has every example once, as many as the shares ask for, and each class its share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 0.45, noNaN: true }),
        fc.double({ min: 0, max: 0.45, noNaN: true }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        (count, validation, test, seed, classes) => {
          const labels = Array.from({ length: count }, (_, index) => (index * 7) % classes)
          const split = splitRows(count, { validation, test }, seed, labels)
          expect(
            [...split.train, ...split.validation, ...split.test].sort((a, b) => a - b),
          ).toEqual(labels.map((_, index) => index))
          expect(Math.abs(split.test.length - count * test)).toBeLessThanOrEqual(0.5 + 1e-9)
          expect(Math.abs(split.validation.length - count * validation)).toBeLessThanOrEqual(1.5)
          for (let label = 0; label < classes; label++) {
            const of = (rows: readonly number[]): number =>
              rows.filter((row) => labels[row] === label).length
            const all = labels.filter((other) => other === label).length
            expect(Math.abs(of(split.test) - all * test)).toBeLessThanOrEqual(1 + 1e-9)
          }
          expect(splitRows(count, { validation, test }, seed, labels)).toEqual(split)
        },
      ),
    )
  })

  it('follows from the seed', () => {
    const shares = { validation: 0.2, test: 0.2 }
    expect(splitRows(50, shares, 1)).not.toEqual(splitRows(50, shares, 2))
  })
})

describe('scaling', () => {
  it('keeps the deviation of numbers far from 0, and leaves what is missing and constant alone', () => {
    const scaling = scalingOf([1e9 + 1, 5, NaN, 1e9 + 3, 5, 2], 3)
    expect([...scaling.means]).toEqual([1e9 + 2, 5, 2])
    expect([...scaling.deviations]).toEqual([1, 1, 1])
    expect([...standardized([1e9 + 4, 6, NaN], scaling)]).toEqual([2, 1, 0])
  })
})
