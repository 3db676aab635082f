import { cpus } from 'node:os'
import { compile } from '../../../compile.ts'
import type { BackendName } from '../../../runtime/backends.ts'
import {
  benchKernels,
  type BenchRule,
  type BenchSize,
  type KernelFigure,
} from '../../../tasks/bench-kernels.ts'
import { startTorch, type Torch } from '../../../tasks/bench-torch.ts'
import { failure } from '../failure.ts'
import { figure, type Figure } from '../figure.ts'
import { libraryNames } from '../package.ts'
import type { Sources } from '../sources.ts'

/** Which steps to measure. */
export interface KernelSetting {
  /** Seconds for ten rules at one size on one backend. */
  readonly seconds: number
  readonly rules: readonly string[]
  /** Numbers in one variable. */
  readonly parameters: readonly number[]
  readonly backends: readonly BackendName[]
  /** The interpreter that has PyTorch, where one has. */
  readonly python: string
  readonly sources: Sources
  readonly signal: AbortSignal
  readonly note: (sentence: string) => void
}

/** Many small variables, as the biases and filters of a network are. */
const SMALL: BenchSize = { name: '60 variables of 1,000', parameters: 60_000, variables: 60 }

/**
 * Nanoseconds that a step takes for each parameter, and bytes a second where every byte is moved once: of kernels, of the
 * readable class, of tfjs's own optimizer, of PyTorch's, and of a copy that moves as many bytes, all in turns.
 */
export async function* benchSteps(setting: KernelSetting): AsyncGenerator<Figure> {
  const { seconds, sources, signal, note } = setting
  const rules = setting.rules.map((name) => findRule(name, sources))
  const torch = await findTorch(setting)
  note(`on ${cpus()[0]?.model ?? 'an unknown processor'}, Node ${process.versions.node}`)
  const alone = [...setting.parameters]
    .sort((a, b) => a - b)
    .map((parameters): BenchSize => {
      return { name: `${parameters.toLocaleString('en')} parameters`, parameters, variables: 1 }
    })
  try {
    const { backends } = setting
    const measured = benchKernels({
      ...{ rules, backends, torch, signal, note },
      sizes: [SMALL, ...alone],
      seconds: seconds / 10,
      longestStep: seconds / 5,
    })
    for await (const found of measured) yield* figuresOf(found)
  } finally {
    torch?.close()
  }
}

/** What is told of the steps of one contestant. */
function figuresOf({ rule, size, backend, form, seconds, bytes, memory }: KernelFigure): Figure[] {
  const labels = { rule, backend, form, parameters: size.parameters, variables: size.variables }
  const name = `${rule}, ${size.name}, ${backend}: ${form}`
  const speed = figure(
    name,
    'ns/parameter',
    seconds.map((second) => (second * 1e9) / size.parameters),
  )
  const gigabytesPerSecond = (bytes * 1e-9) / (speed.median * 1e-9 * size.parameters)
  const told = [{ ...speed, labels, gigabytesPerSecond }]
  if (memory === undefined) return told
  const kept = (what: string, unit: string, value: number): Figure => ({
    ...figure(`${name}, ${what}`, unit, [value]),
    labels,
  })
  return [
    ...told,
    kept('JavaScript memory', 'kB/step', memory.heapBytes / 1000),
    kept('tensors that stay', 'tensors/step', memory.tensors),
    kept('bytes that stay', 'bytes/step', memory.tensorBytes),
  ]
}

function findRule(name: string, sources: Sources): BenchRule {
  const path = name.startsWith('std/') ? name : `std/${name}`
  const program = libraryNames().includes(path)
    ? compile(sources.read(path), sources.loader).value?.programs[0]
    : undefined
  if (program === undefined)
    throw failure('usage', `the library has no optimizer ${name}`, 'see `optc explain std`')
  return { name: path.slice('std/'.length), program }
}

async function findTorch({ python, signal, note }: KernelSetting): Promise<Torch | undefined> {
  const started = await startTorch(python, signal)
  if (started.ok) note(`beside PyTorch ${started.torch.version}, one thread`)
  else note(`PyTorch is left out: ${python} does not have it (${started.reason})`)
  return started.ok ? started.torch : undefined
}
