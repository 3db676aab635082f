import type { Kernel, KernelExtent } from '../../../plan/kernels.ts'
import { loopsOf } from '../../../plan/loops.ts'
import { wgslKernel } from '../../kernels/wgsl/kernel.ts'
import { wasmModules, type Encodings } from '../../kernels/wasm/module.ts'
import { camelCase, type NamePool } from '../names.ts'
import type { PreludeName } from '../prelude-sources.ts'
import type { Description } from '../text/description.ts'
import { cpuKernel, type KernelNames } from './cpu.ts'

/** The kernels of a module, equal ones once. */
export interface KernelTable {
  /** The name of the constant that holds the kernel, which is a part of `owner`. */
  declare(kernel: Kernel, names: KernelNames, owner: string): string
  /** The constants. */
  descriptions(): Description[]
}

/** A table whose names are of `scope`. */
export function createKernelTable(
  scope: NamePool,
  need: (name: PreludeName) => PreludeName,
  encodings: Encodings,
): KernelTable {
  const kernels = new Map<string, string>()
  return {
    declare: (kernel, names, owner) => {
      const text = kernelText(kernel, names, need, encodings)
      const known = kernels.get(text)
      if (known !== undefined) return known
      const name = scope.declare(camelCase(`${owner} kernel`))
      kernels.set(text, name)
      return name
    },
    descriptions: () =>
      [...kernels].map(([text, name]) => ({
        kind: 'text',
        text: `/** A part of a step in one piece; \`cpu\` says what it does. */\nconst ${name} = ${text}`,
      })),
  }
}

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
): string {
  const { modules, scratch } = wasmModules(kernel, encodings)
  const shader = wgslKernel(kernel)
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
