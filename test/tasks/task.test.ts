import { describe, expect, it } from 'vitest'
import { findImageData } from '../../src/tasks/image-data.ts'
import { ACCURACY } from '../../src/tasks/metric.ts'
import { packageRoot } from '../../src/tasks/package-root.ts'
import type { FunctionTask } from '../../src/tasks/function-problem.ts'
import { findTask, TASKS } from '../../src/tasks/task.ts'

describe('the table of tasks', () => {
  it('has a name for each, once, found by it', () => {
    const names = TASKS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const task of TASKS) expect(findTask(task.name)).toBe(task)
    expect(findTask('fashion-mnist-cnn')).toBe(findTask('fashion-mnist'))
    expect(findTask('nothing')).toBeUndefined()
  })

  it('names data sets that there are, and the accuracy of guessing on them', () => {
    for (const task of TASKS) {
      expect(task.data === undefined).toBe(task.isFunction)
      if (task.data === undefined) continue
      expect(task).toMatchObject({
        metric: ACCURACY,
        chance: 1 / findImageData(task.data)!.classes,
      })
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
})

describe('packageRoot', () => {
  it('is the folder of our package.json', () => {
    expect(import.meta.dirname).toBe(`${packageRoot()}/test/tasks`)
  })
})
