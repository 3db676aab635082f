import { SURFACES } from '../../src/language/plot/surfaces.ts'
import { describe, expect, it } from 'vitest'
import { findImageData } from '../../src/tasks/image-data.ts'
import { ACCURACY } from '../../src/tasks/metric.ts'
import { TASK_GROUPS } from '../../src/tasks/open-task.ts'
import { findTableData } from '../../src/tasks/table-data.ts'
import { packageRoot } from '../../src/tasks/package-root.ts'
import type { FunctionTask } from '../../src/tasks/function-problem.ts'
import { findTextSet } from '../../src/tasks/text-sets.ts'
import { findTask, TASKS } from '../../src/tasks/task.ts'

describe('the table of tasks', () => {
  it('has a name for each, once, found by it', () => {
    const names = TASKS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const task of TASKS) expect(findTask(task.name)).toBe(task)
    expect(findTask('fashion-mnist-cnn')).toBe(findTask('fashion-mnist'))
    expect(findTask('nothing')).toBeUndefined()
  })

  it('names data sets that there are, a metric, and the accuracy of guessing on them', () => {
    for (const task of TASKS) {
      expect(task.data === undefined).toBe(task.isFunction)
      if (task.data === undefined) continue
      const images = findImageData(task.data)
      expect(images ?? findTableData(task.data) ?? findTextSet(task.data)).toBeDefined()
      expect(task.metric).toBeDefined()
      const isAccuracy = task.metric === ACCURACY
      expect(task.chance !== undefined).toBe(isAccuracy)
      if (isAccuracy && images) expect(task.chance).toBe(1 / images.classes)
    }
  })

  it('lists each under a heading', () => {
    for (const { group, isFunction } of TASKS) {
      expect(Object.keys(TASK_GROUPS)).toContain(group)
      expect(group === 'functions').toBe(isFunction)
    }
  })

  const functions = TASKS.filter((task): task is FunctionTask => task.isFunction)

  it.each(functions.map((task) => [task.name, task] as const))(
    'has the gradient of %s',
    (_, task) => {
      const point = task.start.map((x, axis) => x + 0.1 * axis)
      const h = 1e-4
      for (const [axis, slope] of task.gradient(point).entries()) {
        const at = (by: number): number => task.value(point.with(axis, point[axis]! + by))
        const difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
        expect(Math.abs(slope - difference)).toBeLessThan(1e-6 * (1 + Math.abs(slope)))
      }
    },
  )

  it('has minima where they belong', () => {
    const rosenbrock = functions.find(({ name }) => name === 'rosenbrock')!
    expect(rosenbrock.value([1, 1])).toBe(0)
    expect(rosenbrock.gradient([1, 1]).map(Math.abs)).toEqual([0, 0])
    const quadratic = functions.find(({ name }) => name === 'quadratic')!
    expect(quadratic.value(quadratic.start.map(() => 0))).toBe(0)
  })

  it.each(SURFACES.map((surface) => [surface.name, surface] as const))(
    'draws the minima of %s, its start and its lowest contour',
    (_, { value, gradient, minima, start, low, high, levels }) => {
      for (const at of [...minima, start])
        for (const axis of [0, 1] as const) {
          expect(at[axis]).toBeGreaterThan(low[axis])
          expect(at[axis]).toBeLessThan(high[axis])
        }
      for (const at of minima) {
        expect(value(...at)).toBe(0)
        expect(gradient(...at).map(Math.abs)).toEqual([0, 0])
      }
      expect(levels.toSorted((a, b) => a - b)).toEqual(levels)
      expect(levels[0]).toBeGreaterThan(0)
      expect(levels[0]).toBeLessThan(value(...start))
    },
  )

  it('gives every run the same noise', async () => {
    const task = functions.find(({ name }) => name === 'noisy')!
    const draws = Array.from({ length: 2000 }, (_, t) => task.noise!(t))
    expect(draws.map((_, t) => task.noise!(t))).toEqual(draws)
    for (const axis of [0, 1]) {
      const numbers = draws.map((each) => each[axis]!)
      const mean = numbers.reduce((sum, each) => sum + each, 0) / numbers.length
      const square = numbers.reduce((sum, each) => sum + each * each, 0) / numbers.length
      expect(Math.abs(mean)).toBeLessThan(0.2)
      expect(Math.sqrt(square)).toBeGreaterThan(1.9)
      expect(Math.sqrt(square)).toBeLessThan(2.1)
    }
    expect(draws[0]).not.toEqual(draws[1])
  })
})

describe('packageRoot', () => {
  it('is the folder of our package.json', () => {
    expect(import.meta.dirname).toBe(`${packageRoot()}/test/tasks`)
  })
})
