import { name, printCode, type Code } from '../../emit/code.ts'
import * as wasm from '../../emit/kernels/wasm/spellings.ts'
import * as shaders from '../../emit/kernels/wgsl/spellings.ts'
import { createKerasBuilder } from '../../emit/keras/builder.ts'
import * as keras from '../../emit/keras/spellings.ts'
import { createJaxBuilder } from '../../emit/optax/builder.ts'
import * as optax from '../../emit/optax/spellings.ts'
import { createTorchBuilder } from '../../emit/pytorch/builder.ts'
import * as pytorch from '../../emit/pytorch/spellings.ts'
import { python } from '../../emit/python/notation.ts'
import type { ArrayBuilder } from '../../emit/python/arrays/builder.ts'
import type { Form } from '../../emit/python/arrays/spellings.ts'
import type { Needs } from '../../emit/python/builder.ts'
import * as tfjs from '../../emit/ts/spellings.ts'
import type { Operator } from '../../operators/operator.ts'
import { code } from '../markdown/write.ts'

/** What a target does with an operator: the row of a table, in Markdown. */
export type TargetRow = readonly [target: string, spelling: string]

const DEFINED = 'made of the others'

/** What each target writes for the operator; none for one that is known before anything is emitted. */
export function targetRows(operator: Operator): readonly TargetRow[] {
  return [
    ...tfjsRows(operator),
    ...kernelRows(operator),
    ['pytorch', torchText(operator)],
    ['optax', arrayText(operator, optax, createJaxBuilder)],
    ['keras', arrayText(operator, keras, createKerasBuilder)],
  ]
}

const argumentsOf = ({ parameters }: Operator): readonly Code[] =>
  parameters.map((parameter) => name(parameter.name))

const tfjsBuilder = tfjs.createBuilder([
  name('$seed'),
  name('$site'),
  name('$parameter'),
  name('$step'),
])

function tfjsRows(operator: Operator): readonly TargetRow[] {
  if (!tfjs.isSpelled(operator)) return [['ts', DEFINED]]
  const { scalar, tensor } = tfjs.spellingOf(operator)
  const text = (form: tfjs.Form): string =>
    code(printCode(form(tfjsBuilder, ...argumentsOf(operator))))
  return [
    ['ts, numbers', text(scalar)],
    ['ts, tensors', text(tensor)],
  ]
}

/** Kernels hold what works element by element; the other operators are those of the readable class. */
function kernelRows(operator: Operator): readonly TargetRow[] {
  if (operator.kind !== 'elementwise' && operator.kind !== 'random') return []
  const how = (isSpelled: boolean): string => (isSpelled ? 'by itself' : DEFINED)
  return [
    ['kernels, WebAssembly', how(wasm.isSpelled(operator))],
    ['kernels, WebGPU', how(shaders.isSpelled(operator))],
  ]
}

const noNeeds = (): Needs => ({ prelude: new Set(), imports: new Set() })

function torchText(operator: Operator): string {
  if (!pytorch.isSpelled(operator)) return DEFINED
  const given = argumentsOf(operator).map((argument) => ({
    code: argument,
    isTensor: true,
    isSpent: false,
    constant: undefined,
  }))
  const { form } = pytorch.spellingOf(operator)
  return code(printCode(form(createTorchBuilder(noNeeds()), ...given), python))
}

/** What is written where every operation makes a new array. */
function arrayText<Builder extends ArrayBuilder>(
  operator: Operator,
  spellings: {
    readonly isSpelled: (operator: Operator) => boolean
    readonly spellingOf: (operator: Operator) => Form<Builder>
  },
  createBuilder: (needs: Needs) => Builder,
): string {
  if (!spellings.isSpelled(operator)) return DEFINED
  const given = argumentsOf(operator).map((argument) => ({
    code: argument,
    isNumber: false,
    isTensor: true,
    constant: undefined,
  }))
  const form = spellings.spellingOf(operator)
  return code(printCode(form(createBuilder(noNeeds()), ...given), python))
}
