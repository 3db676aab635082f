import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { rootKey } from '../../../src/operators/random.ts'
import { selectBackend } from '../../../src/runtime/backends.ts'
import { createCarried } from '../../../src/tasks/networks/carried.ts'
import { layerLists, type LayerSpec } from '../../../src/tasks/networks/layers/table.ts'
import { OBJECTIVES } from '../../../src/tasks/networks/objectives/table.ts'
import { sequence } from '../../../src/tasks/networks/sequence.ts'
import { weightMaker } from '../../../src/tasks/networks/weights.ts'
import { relativeDifference } from '../../runtime/values.ts'

/** A tensor as make-text-layers.py writes it. */
interface Written {
  readonly type: 'float32' | 'int32'
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

interface Batch {
  readonly input: Written
  readonly output: Written
  readonly labels?: Written
  readonly loss?: number
  readonly slopes?: Written
  readonly gradients: Readonly<Record<string, Written>>
  readonly inputGradient?: Written
}

interface Case {
  readonly name: string
  readonly layers: readonly LayerSpec[]
  readonly input: readonly number[]
  readonly outputs: number
  readonly weights: Readonly<Record<string, Written>>
  readonly batches: readonly Batch[]
}

const { cases } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/text-layers.json'), 'utf8'),
) as { readonly cases: readonly Case[] }

const tensorOf = ({ type, shape, values }: Written): tf.Tensor =>
  tf.tensor([...values], [...shape], type)

/** In the same unit as `relativeDifference`: of the largest number. */
const TOLERANCE = 1e-5

const { nextToken } = OBJECTIVES

/** What batch after batch gives: outputs, gradients and losses, each with what PyTorch has. */
function resultsOf({ layers, input, outputs, weights, batches }: Case) {
  const place = { name: '', make: weightMaker(rootKey(1)), input, outputs }
  const whole = sequence('', layerLists.build(layers, place))
  expect(whole.parameters.map(({ name }) => name).sort()).toEqual(Object.keys(weights).sort())
  tf.tidy(() => {
    for (const parameter of whole.parameters)
      parameter.assign(tensorOf(weights[parameter.name]!) as typeof parameter)
  })
  const carried = batches.length > 1 ? createCarried() : undefined
  const results: [what: string, actual: Float32Array, expected: readonly number[]][] = []
  const compare = (what: string, actual: tf.Tensor, expected: Written): void => {
    expect(actual.shape, what).toEqual(expected.shape)
    results.push([what, actual.dataSync() as Float32Array, expected.values])
  }
  for (const batch of batches)
    tf.tidy(() => {
      const x = tensorOf(batch.input)
      const context = { step: 0, key: rootKey(2), ...(carried && { carried }) }
      const pass = whole.train(x, context)
      compare('output', pass.output, batch.output)
      let slopes: tf.Tensor
      if (batch.labels === undefined) slopes = tensorOf(batch.slopes!)
      else {
        const step = nextToken.step(pass.output, nextToken.targets(batch.labels.values, 0, 0))
        results.push(['loss', step.loss.dataSync() as Float32Array, [batch.loss!]])
        slopes = step.gradient
      }
      const back = pass.backward(slopes, true)
      for (const [index, { name }] of whole.parameters.entries())
        compare(name, back.parameters[index]!, batch.gradients[name]!)
      if (batch.inputGradient) compare('input', back.input!, batch.inputGradient)
    })
  carried?.clear()
  tf.dispose([...whole.parameters])
  return results
}

describe.each(['cpu', 'wasm'] as const)('layers for text on %s', (backend) => {
  beforeAll(async () => {
    expect(await selectBackend(backend)).toMatchObject({ ok: true })
  })

  it.each(cases.map((one) => [one.name, one] as const))('give what PyTorch gives: %s', (_, one) => {
    const before = tf.memory().numTensors
    for (const [what, actual, expected] of resultsOf(one))
      expect(relativeDifference(actual, Float32Array.from(expected)), what).toBeLessThan(TOLERANCE)
    expect(tf.memory().numTensors).toBe(before)
  })
})
