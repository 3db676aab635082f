import type { Kernel, KernelExtent } from '../../../plan/kernels.ts'
import { loopsOf } from '../../../plan/loops.ts'
import { wgslKernel, type WgslKernel } from '../../kernels/wgsl/kernel.ts'
import { wasmModules, type Encodings } from '../../kernels/wasm/module.ts'
import { camelCase, type NamePool } from '../names.ts'
import type { PreludeName } from '../prelude-sources.ts'
import type { Description } from '../text/description.ts'
import { cpuKernel, type KernelNames } from './cpu.ts'

/** The kernels of a module, equal ones once. */
export interface KernelTable {
  /** The constant that holds the kernel, which is a part of `owner`. */
  declare(kernel: Kernel, names: KernelNames, owner: string): DeclaredKernel
  /** The constants. */
  descriptions(): Description[]
}

/** A kernel of a module. */
export interface DeclaredKernel {
  readonly name: string
  /** How many buffers of WebGPU it binds; Infinity where its shader is too long for compilers to be quick with. */
  readonly buffers: number
}

/** Characters of a shader, calls written out: SwiftShader compiles some 15,000 a second. */
const LONGEST_SHADER = 64_000

/** A table whose names are of `scope`. */
export function createKernelTable(
  scope: NamePool,
  need: (name: PreludeName) => PreludeName,
  encodings: Encodings,
): KernelTable {
  const kernels = new Map<string, DeclaredKernel>()
  return {
    declare: (kernel, names, owner) => {
      const shader = wgslKernel(kernel)
      const isShort = shader.length <= LONGEST_SHADER
      const text = kernelText(kernel, names, need, encodings, isShort ? shader : NO_SHADER)
      const known = kernels.get(text)
      if (known !== undefined) return known
      const name = scope.declare(camelCase(`${owner} kernel`))
      // Beside its tensors it may need room.
      const declared = { name, buffers: isShort ? kernel.tensors.length + 1 : Infinity }
      kernels.set(text, declared)
      return declared
    },
    descriptions: () =>
      [...kernels].map(([text, { name }]) => ({
        kind: 'text',
        text: `/** A part of a step in one piece; \`cpu\` says what it does. */\nconst ${name} = ${text}`,
      })),
  }
}

const NO_SHADER: WgslKernel = { code: '', length: 0, passes: [], room: { bytes: 0, rows: 0 } }

const EXTENTS: Readonly<Record<KernelExtent, string>> = {
  run: 'one',
  parameter: 'one',
  'per output': 'per output',
  'per input': 'per input',
  element: 'element',
}

function kernelText(
  kernel: Kernel,
  names: KernelNames,
  need: (name: PreludeName) => PreludeName,
  encodings: Encodings,
  shader: WgslKernel,
): string {
  const { modules, scratch } = wasmModules(kernel, encodings)
  const passes = shader.passes.map(({ entry, over }) => `['${entry}', '${over}']`)
  const uses = kernel.tensors.map(({ use }) => use)
  const made = kernel.tensors.filter(({ use }) => use === 'made')
  const draws = loopsOf(kernel).draws.map(({ operator, site }) => `['${operator.name}', ${site}]`)
  return [
    `${need('createKernel')}({`,
    `changes: ${uses.filter((use) => use === 'written').length},`,
    `makes: [${made.map(({ extent }) => `'${EXTENTS[extent]}'`).join(', ')}],`,
    `draws: [${draws.join(', ')}],`,
    `cpu: ${cpuKernel(kernel, names, need)},`,
    `wasm: [${modules.map((bytes) => `'${base64(bytes)}'`).join(', ')}],`,
    `rows: [${scratch.outputs}, ${scratch.inputs}],`,
    `webgpu: {\ncode: \`${shader.code}\`,`,
    `passes: [${passes.join(', ')}],`,
    `room: { bytes: ${shader.room.bytes}, rows: ${shader.room.rows} },\n},`,
    `tensors: ${uses.length},`,
    '})',
  ].join('\n')
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
