import { beforeEach, describe, expect, it, vi } from 'vitest'
import { WORTH_TENSORFLOW } from '../../src/runtime/backend-loaders.ts'
import {
  BACKEND_NAMES,
  choiceAmong,
  selectBackend,
  type BackendRecord,
} from '../../src/runtime/backends.ts'
import {
  loadTensorflow,
  mayHaveGpu,
  provideRemovedFunctions,
} from '../../src/runtime/tensorflow-package.ts'

const GPU_PACKAGE = '@tensorflow/tfjs-node-gpu'
const PACKAGE = '@tensorflow/tfjs-node'
const imported = vi.hoisted(() => ({ packages: new Map<string, () => unknown>() }))

/** Packages as they are on other machines: what is not in the map is not installed. */
vi.mock('../../src/runtime/optional-package.ts', async (original) => ({
  ...(await original<object>()),
  importOptional: async (name: string): Promise<unknown> => {
    const load = imported.packages.get(name)
    if (load === undefined) return { kind: 'absent' }
    try {
      return { kind: 'loaded', module: await load() }
    } catch (error) {
      return { kind: 'broken', reason: (error as Error).message }
    }
  },
}))

const failing = (message: string) => () => {
  throw new Error(message)
}

beforeEach(() => imported.packages.clear())

describe('functions that Node has removed', () => {
  const values = [undefined, null, 0, '', [], [1], {}, new Float32Array(1)]

  it.each(['22.0.0', '23.1.0', '24.22.3', '26.0.0'])('are there on %s and say nothing', (node) => {
    const util = { isArray: failing('it warns'), inspect: 1 }
    provideRemovedFunctions(util, node)
    const { isNullOrUndefined, isArray } = util as unknown as Record<
      string,
      (x: unknown) => boolean
    >
    expect(values.map((value) => isNullOrUndefined!(value))).toEqual(
      values.map((value) => value === null || value === undefined),
    )
    expect(values.map((value) => isArray!(value))).toEqual(
      values.map((value) => Array.isArray(value)),
    )
    expect(util.inspect).toBe(1)
  })

  it('are left as they are on 20', () => {
    const isArray = vi.fn()
    const util = { isArray }
    provideRemovedFunctions(util, '20.19.0')
    expect(util).toEqual({ isArray })
  })

  it('are there before the package is loaded', async () => {
    vi.stubGlobal('process', {
      ...process,
      env: {},
      versions: { node: '23.0.0' },
      getBuiltinModule: () => util,
    })
    const util: object = {}
    imported.packages.set(PACKAGE, () => ({
      version: { 'tfjs-node': (util as { isArray: (x: unknown) => boolean }).isArray([]) },
    }))
    try {
      expect(await loadTensorflow()).toEqual({ detail: { package: `${PACKAGE} true` } })
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

describe('why TensorFlow is not there is told once', () => {
  const missing = async (): Promise<string | undefined> => (await loadTensorflow()).missing
  const NO_BINDING =
    'The Node.js native addon module (tfjs_binding.node) can not be found at path: /x/y. '
  const REMEDY = '; `optc doctor --install tensorflow` builds it'

  it('without either package', async () => {
    expect(await missing()).toBe(`neither ${GPU_PACKAGE} nor ${PACKAGE} is installed${REMEDY}`)
  })

  it.each([
    [NO_BINDING, 'is installed without its native library'],
    [
      'libtensorflow_cc.so.2: cannot open shared object file: No such file or directory',
      'has lost libtensorflow_cc.so.2',
    ],
    ['it is Tuesday', 'does not load: it is Tuesday'],
  ])('where it throws %j', async (message, problem) => {
    imported.packages.set(GPU_PACKAGE, failing(message))
    expect(await missing()).toBe(`${GPU_PACKAGE} ${problem}${REMEDY}`)
    imported.packages.set(PACKAGE, failing('another matter'))
    expect(await missing()).toBe(`${GPU_PACKAGE} ${problem}${REMEDY}`)
    imported.packages.delete(GPU_PACKAGE)
    expect(await missing()).toBe(`${PACKAGE} does not load: another matter${REMEDY}`)
    const selection = await selectBackend('tensorflow')
    expect(!selection.ok && selection.reason.match(/does not load/g)).toHaveLength(1)
  })

  it('and not at all where the second package works', async () => {
    imported.packages.set(GPU_PACKAGE, failing(NO_BINDING))
    imported.packages.set(PACKAGE, () => ({ version: { 'tfjs-node': '4.22.0' } }))
    expect(await loadTensorflow()).toEqual({ detail: { package: `${PACKAGE} 4.22.0` } })
  })
})

describe('auto', () => {
  const record = (name: BackendRecord['name'], detail = {}, available = true): BackendRecord => ({
    name,
    available,
    detail,
  })
  const small = WORTH_TENSORFLOW - 1
  const taken = (work: number, ...records: BackendRecord[]): string | undefined =>
    choiceAmong(records, work)?.name

  it('takes TensorFlow on a processor for large networks alone', () => {
    const records = [record('tensorflow', { device: 'cpu' }), record('wasm'), record('cpu')]
    expect(taken(0, ...records)).toBe('wasm')
    expect(taken(small, ...records)).toBe('wasm')
    expect(taken(WORTH_TENSORFLOW, ...records)).toBe('tensorflow')
  })

  it('takes TensorFlow on a GPU for all', () => {
    expect(taken(0, record('tensorflow', { device: 'gpu' }), record('wasm'))).toBe('tensorflow')
  })

  it('takes no software in the place of a GPU, and none that does not work', () => {
    const software = record('webgpu', { software: 'yes' })
    const hardware = record('webgpu', { software: 'no' })
    expect(taken(small, software, record('wasm'))).toBe('wasm')
    expect(taken(small, hardware, record('wasm'))).toBe('webgpu')
    expect(taken(small, record('wasm', {}, false), record('cpu'))).toBe('cpu')
    expect(taken(small, record('wasm', {}, false))).toBeUndefined()
  })

  it.skipIf(mayHaveGpu())(
    'does not even load TensorFlow for a small network without a GPU',
    async () => {
      const load = vi.fn(failing('it was loaded'))
      imported.packages.set(GPU_PACKAGE, load)
      const selection = await selectBackend('auto', small)
      expect(selection.ok && BACKEND_NAMES.indexOf(selection.backend.name)).toBeGreaterThan(0)
      expect(load).not.toHaveBeenCalled()
      await selectBackend('auto', WORTH_TENSORFLOW)
      expect(load).toHaveBeenCalledTimes(1)
    },
  )
})
