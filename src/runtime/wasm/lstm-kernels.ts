import type * as tf from '@tensorflow/tfjs-core'
import { LSTM, LSTM_GRADIENT } from '../recurrent.ts'
import { addressOf, floatsAt, withScratch, type WasmBackend } from './backend-memory.ts'
import { denseCode, type DenseFunction } from './dense-code.ts'
import { replaceKernel } from './kernel-call.ts'
import { linkedFunctions } from './linked-functions.ts'
import { lstmCode, type LstmFunction } from './lstm-code.ts'
import { encoding } from './step-encoding.ts'
import { FLOAT } from './tile-code.ts'

const functions = linkedFunctions<LstmFunction | DenseFunction>(
  () => [...lstmCode(), ...denseCode()],
  encoding,
)

type Inputs<Names extends string> = Readonly<Record<Names, tf.TensorInfo>>

/** Registers long short-term memory over a whole sequence, and its gradient, as one kernel each. */
export function registerLstmKernels(): void {
  replaceKernel(LSTM, ({ inputs, backend }) =>
    lstm(backend as WasmBackend, inputs as Inputs<'inputs' | 'recurrent' | 'hidden' | 'cell'>),
  )
  replaceKernel(LSTM_GRADIENT, ({ inputs, backend }) =>
    lstmGradient(
      backend as WasmBackend,
      inputs as Inputs<'dy' | 'cells' | 'gates' | 'recurrent' | 'cell'>,
    ),
  )
}

function lstm(
  backend: WasmBackend,
  { inputs, recurrent, hidden, cell }: Inputs<'inputs' | 'recurrent' | 'hidden' | 'cell'>,
): tf.TensorInfo[] {
  const [steps = 0, batch = 0, gateUnits = 0] = inputs.shape
  const units = gateUnits / 4
  const made = [units, units, gateUnits].map((width) =>
    backend.makeOutput([steps, batch, width], 'float32'),
  )
  const at = (tensor: tf.TensorInfo): number => addressOf(backend, tensor)
  const [allHidden, allCells, allGates] = made.map(at) as [number, number, number]
  const unitBytes = FLOAT * units
  const [unitSize, gateSize] = [batch * unitBytes, 4 * batch * unitBytes]
  const { product, lstmStep } = functions(backend)
  withScratch(backend, gateSize + 4 * unitBytes, (products) => {
    const zeros = products + gateSize
    floatsAt(backend, zeros, gateUnits).fill(0)
    const [weights, all] = [at(recurrent), at(inputs)]
    let [h, c] = [at(hidden), at(cell)]
    for (let step = 0; step < steps; step++) {
      product(
        ...[h, unitBytes, batch, unitBytes],
        ...[weights, zeros, products, 4 * unitBytes, products],
      )
      const [nextH, nextC] = [allHidden + step * unitSize, allCells + step * unitSize]
      const [input, gates] = [all + step * gateSize, allGates + step * gateSize]
      lstmStep(batch, unitBytes, input, products, c, gates, nextC, nextH)
      ;[h, c] = [nextH, nextC]
    }
  })
  return made
}

function lstmGradient(
  backend: WasmBackend,
  { dy, cells, gates, recurrent, cell }: Inputs<'dy' | 'cells' | 'gates' | 'recurrent' | 'cell'>,
): tf.TensorInfo {
  const [steps = 0, batch = 0, units = 0] = dy.shape
  const output = backend.makeOutput([steps, batch, 4 * units], 'float32')
  const at = (tensor: tf.TensorInfo): number => addressOf(backend, tensor)
  const unitBytes = FLOAT * units
  const [unitSize, gateSize] = [batch * unitBytes, 4 * batch * unitBytes]
  const { product, lstmStepGradient } = functions(backend)
  withScratch(backend, 2 * unitSize + unitBytes + 4 * units * unitBytes, (dHidden) => {
    const dCells = dHidden + unitSize
    const zeros = dCells + unitSize
    const transposed = zeros + unitBytes
    floatsAt(backend, dHidden, (2 * unitSize + unitBytes) / FLOAT).fill(0)
    const columns = 4 * units
    const weights = floatsAt(backend, at(recurrent), units * columns)
    const turned = floatsAt(backend, transposed, units * columns)
    for (let row = 0; row < units; row++)
      for (let column = 0; column < columns; column++)
        turned[column * units + row] = weights[row * columns + column]!
    for (let step = steps - 1; step >= 0; step--) {
      const [unit, gate] = [step * unitSize, step * gateSize]
      const before = step === 0 ? at(cell) : at(cells) + unit - unitSize
      const dGates = at(output) + gate
      lstmStepGradient(
        ...[batch, unitBytes, at(dy) + unit, dHidden, at(gates) + gate],
        ...[at(cells) + unit, before, dCells, dGates],
      )
      product(
        ...[dGates, 4 * unitBytes, batch, 4 * unitBytes],
        ...[transposed, zeros, dHidden, unitBytes, dHidden],
      )
    }
  })
  return output
}
