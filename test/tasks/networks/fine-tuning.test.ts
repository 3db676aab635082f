import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { rootKey } from '../../../src/operators/random.ts'
import { selectBackend } from '../../../src/runtime/backends.ts'
import type { NumberArray } from '../../../src/tasks/formats/number-array.ts'
import { efficientNetLite0, efficientNetV2S } from '../../../src/tasks/networks/efficient-net.ts'
import { EFFICIENT_NET_NAMINGS } from '../../../src/tasks/networks/efficient-net-namings.ts'
import { fineTuningOf } from '../../../src/tasks/networks/fine-tuning.ts'
import { layerLists } from '../../../src/tasks/networks/layers/table.ts'
import { matchWeights } from '../../../src/tasks/networks/match-weights.ts'
import { buildNetwork, type Network } from '../../../src/tasks/networks/network.ts'
import { searchNetwork } from '../../../src/tasks/networks/networks.ts'
import { OBJECTIVES } from '../../../src/tasks/networks/objectives/table.ts'
import { tensorsOf, variablesOf } from '../../../src/tasks/networks/variables.ts'
import { readWeights } from '../../../src/tasks/weight-files.ts'
import { normalTensor } from '../../runtime/values.ts'
import { createSession } from '../../cli/session.ts'

const { classification } = OBJECTIVES
const ends = { input: [6, 6, 1], outputs: 3 }
const network = searchNetwork(4)

beforeAll(async () => {
  expect(await selectBackend('cpu')).toMatchObject({ ok: true })
})

const tensorsFrom = (outputs: number): ReadonlyMap<string, NumberArray> => {
  const model = buildNetwork(network, { ...ends, outputs }, classification, rootKey(8))
  const tensors = tensorsOf(variablesOf(model.layers))
  model.dispose()
  return tensors
}

const wish = (outputs: number) => ({
  weights: { path: 'w.safetensors', tensors: tensorsFrom(outputs) },
})

describe('weights of a file', () => {
  it('are those of the network', () => {
    const tuning = fineTuningOf(network, ends, classification, wish(3))
    expect(tuning).toMatchObject({ value: { weights: { replaced: [], unused: [] } } })
    const model = buildNetwork(
      network,
      ends,
      classification,
      rootKey(9),
      tuning.ok ? tuning.value : undefined,
    )
    expect(tensorsOf(variablesOf(model.layers))).toEqual(wish(3).weights.tensors)
    model.dispose()
  })

  it('leave fresh ones where the classes are others', () => {
    const tuning = fineTuningOf(network, ends, classification, wish(7))
    const replaced = ['classes/kernel', 'classes/bias']
    expect(tuning).toMatchObject({ value: { weights: { replaced } } })
    if (!tuning.ok) return
    expect([...tuning.value.weights!.values.keys()]).not.toContain('classes/kernel')
  })

  it.each([
    [
      'another extent',
      (tensors: Map<string, NumberArray>) =>
        tensors.set('convolution2/kernel', {
          type: 'float32',
          shape: [2],
          values: new Float32Array(2),
        }),
      /convolution2\/kernel of shape \[2\], and convolution2\/kernel of the network has \[3, 3, 4, 8\]/,
    ],
    [
      'a weight less',
      (tensors: Map<string, NumberArray>) => tensors.delete('normalization1/moving_mean'),
      /lacks normalization1\/moving_mean$/,
    ],
    [
      'no name in common',
      (tensors: Map<string, NumberArray>) => tensors.clear(),
      /holds no weight of the network/,
    ],
  ] as const)('with %s are refused', (_, change, message) => {
    const tensors = new Map(tensorsFrom(3))
    change(tensors)
    const tuning = fineTuningOf(network, ends, classification, {
      weights: { path: 'w.npz', tensors },
    })
    expect(tuning).toMatchObject({
      ok: false,
      problem: { path: 'w.npz', problem: expect.stringMatching(message) },
    })
  })
})

describe('layers that stay as they are', () => {
  it.each([
    [/nothing of it/, /names none of the layers convolution1, /],
    [/^normalization1$/, /leaves convolution1 to be trained, which comes before normalization1/],
    [/./, /leaves nothing to be trained/],
  ])('cannot be %s', (frozen, message) => {
    const tuning = fineTuningOf(network, ends, classification, { frozen })
    expect(tuning).toMatchObject({
      ok: false,
      problem: { problem: expect.stringMatching(message) },
    })
  })

  it('do in a step what they do in evaluation, and have no gradients', () => {
    const tuning = fineTuningOf(network, ends, classification, { ...wish(3), frozen: /[12]$/ })
    expect(tuning).toMatchObject({ ok: true })
    if (!tuning.ok) return
    const { frozenLayers } = tuning.value
    expect(frozenLayers).toEqual([
      'convolution1',
      'normalization1',
      'convolution2',
      'normalization2',
    ])
    const model = buildNetwork(network, ends, classification, rootKey(9), tuning.value)
    const before = tensorsOf(variablesOf(model.layers))
    const x = normalTensor<tf.Rank.R4>([5, 6, 6, 1], 1)
    const step = model.step(x, classification.targets([0, 1, 2, 0, 1], 5, 3), 0)
    expect(Object.keys(step.gradients).map((name) => name.split('/')[0])).toEqual([
      ...['classes', 'classes', 'normalization3', 'normalization3', 'convolution3'],
    ])
    const after = tensorsOf(variablesOf(model.layers))
    for (const [name, { values }] of before)
      if (frozenLayers.some((layer) => name.startsWith(`${layer}/`)))
        expect(after.get(name)!.values, name).toEqual(values)
      else if (name === 'normalization3/moving_mean')
        expect(after.get(name)!.values).not.toEqual(values)
    // What follows is what it would be on the frozen layers' outputs in evaluation.
    const whole = buildNetwork(network, ends, classification, rootKey(9), {
      ...tuning.value,
      frozenLayers: [],
    })
    const features = tf.tidy(() =>
      whole.layers.slice(0, 4).reduce((flow: tf.Tensor, layer) => layer.infer(flow), x),
    )
    const rest: Network = { layers: network.layers.slice(4) }
    const tail = buildNetwork(
      rest,
      { input: features.shape.slice(1), outputs: 3 },
      classification,
      rootKey(9),
      {
        ...tuning.value,
        frozenLayers: [],
      },
    )
    const expected = tail.step(features, classification.targets([0, 1, 2, 0, 1], 5, 3), 0)
    for (const [index, gradient] of Object.values(expected.gradients).entries())
      expect([...Object.values(step.gradients)[index]!.dataSync()]).toEqual([
        ...gradient.dataSync(),
      ])
    for (const each of [model, whole, tail]) each.dispose()
  })
})

/** Names of the variables of a network, whatever they hold. */
function namesOf(net: Network, size: number): string[] {
  const names: string[] = []
  const named = (name: string, shape: readonly number[]): tf.Variable => {
    names.push(name)
    return { shape } as unknown as tf.Variable
  }
  layerLists.build(net.layers, {
    name: '',
    make: { glorot: named, uniform: named, constant: named, state: named },
    input: [size, size, 3],
    outputs: 1000,
  })
  return names
}

describe('names of other libraries', () => {
  it.each([
    [
      'torchvision',
      efficientNetV2S({ size: 224 }),
      'stage4_block2/squeeze/reduce/kernel',
      'features.4.1.block.2.fc1.weight',
    ],
    [
      'torchvision',
      efficientNetV2S({ size: 224 }),
      'stage1_block2/project_normalization/moving_variance',
      'features.1.1.block.0.1.running_var',
    ],
    ['torchvision', efficientNetV2S({ size: 224 }), 'head/kernel', 'features.7.0.weight'],
    [
      'Keras',
      efficientNetV2S({ size: 224 }),
      'stage4_block1/depthwise_normalization/gamma',
      'block4a_bn/gamma',
    ],
    [
      'Keras',
      efficientNetV2S({ size: 224 }),
      'stage6_block15/project/kernel',
      'block6o_project_conv/kernel',
    ],
    [
      'efficientnet-lite-pytorch',
      efficientNetLite0(),
      'stage7_block1/expand_normalization/beta',
      '_blocks.15._bn0.bias',
    ],
    ['efficientnet-lite-pytorch', efficientNetLite0(), 'classes/bias', '_fc.bias'],
  ])('%s: each its own', (library, net, own, theirs) => {
    const names = namesOf(net, 224)
    const map = EFFICIENT_NET_NAMINGS.find(({ name }) => name === library)!.namesOf(names)
    expect(map.get(own)).toBe(theirs)
    expect(map.size).toBe(names.length)
    expect(new Set(map.values()).size).toBe(names.length)
  })

  it('go with a layout that is turned', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 4, maxLength: 4 }),
        (shape) => {
          const [outputs, inputs, height, width] = shape as [number, number, number, number]
          const values = Float32Array.from(
            { length: outputs * inputs * height * width },
            (_, i) => i,
          )
          const names = new Map([['a/kernel', 'a.weight']])
          const matched = matchWeights(
            new Map([['a.weight', { type: 'float32' as const, shape, values }]]),
            [{ name: 'a/kernel', shape: [height, width, inputs, outputs] }],
            new Set(),
            [{ name: 'other', isOutputsFirst: true, namesOf: () => names }],
          )
          const turned = tf.tidy(() =>
            tf.transpose(tf.tensor(values, shape), [2, 3, 1, 0]).dataSync<'float32'>(),
          )
          expect(matched).toMatchObject({ naming: 'other' })
          expect(typeof matched === 'string' ? [] : [...matched.values.get('a/kernel')!]).toEqual([
            ...turned,
          ])
        },
      ),
    )
  })
})

describe('train', () => {
  const line =
    'train std/sgd --task fashion14-cnn --lr 0.01 --seeds 1 --steps 2 --batch 8 --backend wasm'

  it.each(['w.safetensors', 'w.npz'])(
    'saves %s, and begins with it',
    { timeout: 60_000 },
    async (file) => {
      const session = createSession()
      expect(await session.run(`${line} --save ${file}`)).toMatchObject({ exitCode: 0 })
      const again = await session.run(
        `${line} --weights ${file} --freeze ^(conv|norm).*[123] --rates classes=0.0001 --save again.npz`,
      )
      expect(again.stderr).toContain('17 weights by the names of optc')
      expect(again.stderr).toContain('6 layers stay as they are, up to normalization3')
      expect(again.exitCode).toBe(0)
      // What is trained has next to no rate.
      const read = (name: string) => readWeights(join(session.folder, name))
      const [before, after] = [read(file), read('again.npz')]
      expect([before.ok, after.ok]).toEqual([true, true])
      if (!before.ok || !after.ok) return
      expect([...after.value.keys()].sort()).toEqual([...before.value.keys()].sort())
      for (const [name, { values }] of before.value) {
        const now = after.value.get(name)!.values
        if (!name.startsWith('classes')) expect(now, name).toEqual(values)
        else for (const [at, value] of values.entries()) expect(now[at]).toBeCloseTo(value, 5)
      }
    },
  )

  it.each([
    ['--save w.bin', /ends in neither \.safetensors nor \.npz/],
    ['--save w.npz --seeds 2', /keeps the weights of one run, not of 2/],
    ['--weights w.npz', /w\.npz does not exist/],
    ['--freeze x', /names none of the layers/],
    ['--freeze (', /is no regular expression/],
    ['--rates classes', /is not a pattern, an equals sign and a positive number/],
    ['--rates classes=1e999', /is not a pattern, an equals sign and a positive number/],
  ])('refuses %s', async (options, message) => {
    const { exitCode, stderr } = await createSession().run(`${line} ${options}`)
    expect(stderr).toMatch(message)
    expect(exitCode).not.toBe(0)
  })
})
