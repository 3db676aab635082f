import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { selectBackend } from '../../src/runtime/backends.ts'
import { benchTraining, type BenchFigure } from '../../src/tasks/bench.ts'
import { opened } from './opened.ts'

const optimizer = (): tf.Optimizer => tf.train.adam(1e-3)

describe('benchTraining', () => {
  it('has a figure for each task on each backend, and a reason where a backend fails', async () => {
    const tasks = [await opened('quadratic')]
    const figures: BenchFigure[] = []
    const backends = ['tensorflow', 'cpu', 'wasm'] as const
    const options = { tasks, optimizer, backends, seconds: 0.05 }
    for await (const figure of benchTraining(options)) figures.push(figure)
    expect(figures.map(({ backend, task }) => [backend, task])).toEqual(
      backends.map((backend) => [backend, 'quadratic']),
    )
    const tensorflow = await selectBackend('tensorflow')
    for (const { backend, reason, steps, stepsPerSecond } of figures)
      if (backend === 'tensorflow' && !tensorflow.ok) expect(reason).toBe(tensorflow.reason)
      else {
        expect(steps).toBeGreaterThan(0)
        expect(stepsPerSecond).toBeGreaterThan(0)
      }
  })

  it('ends when it is told to', async () => {
    const tasks = [await opened('quadratic')]
    const figures: BenchFigure[] = []
    const options = { tasks, optimizer, backends: ['cpu'] as const, seconds: 1 }
    for await (const figure of benchTraining({ ...options, signal: AbortSignal.abort() }))
      figures.push(figure)
    expect(figures).toEqual([])
  })
})
