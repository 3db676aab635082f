import { beforeAll, describe, expect, test } from 'vitest'
import * as tf from '@tensorflow/tfjs-core'
import { loadPrograms } from '../../src/emit/ts/load.ts'
import { tensorBackends, useBackend } from '../emit/tensor-backend.ts'
import { library } from '../stdlib/library.ts'
import { features } from '../../src/emit/features.ts'
import { describeDisagreement, disagreements } from './agree.ts'
import { streams } from './gradients.ts'

const isThere = (await tensorBackends()).includes('webgpu')
const SHAPES = [[], [1], [5], [2, 3], [2, 2, 3], [3, 7]]
const files = (
  process.env['ALL'] ? process.env['ALL'].split(' ') : ['adam', 'lion', 'adafactor', 'sgld', 'opt10', 'lamb']
).filter((name) => {
  const { programs } = library(name)
  return programs.length > 0 && !programs.some(features.totals.isUsedBy)
})

describe.skipIf(!isThere)('on webgpu', () => {
  beforeAll(() => useBackend('webgpu'))
  test.each(files)('%s', async (name) => {
    const { programs, functions } = library(name)
    const { optimizers } = await loadPrograms(programs, functions, tf, true)
    for (const [index, Class] of [...optimizers.values()].entries()) {
      const found = await disagreements(programs[index]!, Class, streams(name, SHAPES), 'webgpu')
      expect(found.slice(0, 3).map(describeDisagreement)).toEqual([])
    }
  })
})
