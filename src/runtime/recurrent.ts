import * as tf from '@tensorflow/tfjs-core'
import { hasKernel, runKernel, runKernelForAll } from './kernel.ts'

/** Kernels a backend may have for {@link lstm} and its gradient; elsewhere they are composed of tfjs's own. */
export const LSTM = 'OptcLstm'
export const LSTM_GRADIENT = 'OptcLstmGradient'

/** Where a sequence begins, or has come to: both [batch, units]. */
export interface LstmState {
  readonly hidden: tf.Tensor2D
  readonly cell: tf.Tensor2D
}

/** What {@link lstm} gives, time first. */
export interface LstmPass {
  /** h after each step, [steps, batch, units]. */
  readonly hidden: tf.Tensor3D
  /** c after each step, [steps, batch, units]. */
  readonly cells: tf.Tensor3D
  /** sigmoid(i), sigmoid(f), tanh(g), sigmoid(o) of each step, [steps, batch, 4 units]. */
  readonly gates: tf.Tensor3D
}

/**
 * Long short-term memory over the steps of a batch: with (i, f, g, o) = inputs[t] + h recurrent, c becomes sigmoid(f) c + sigmoid(i) tanh(g)
 * and h sigmoid(o) tanh(c). `inputs` [steps, batch, 4 units]: what comes in, multiplied by its weights, and biases. `recurrent`
 * [units, 4 units]. (Hochreiter and Schmidhuber, 1997; Gers, Schmidhuber and Cummins, 2000.)
 */
export function lstm(inputs: tf.Tensor3D, recurrent: tf.Tensor2D, start: LstmState): LstmPass {
  if (hasKernel(LSTM) && inVectors(start)) {
    const [hidden, cells, gates] = runKernelForAll(LSTM, {
      inputs,
      recurrent,
      hidden: start.hidden,
      cell: start.cell,
    }) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D]
    return { hidden, cells, gates }
  }
  const hidden: tf.Tensor2D[] = []
  const cells: tf.Tensor2D[] = []
  const gates: tf.Tensor2D[] = []
  let { hidden: h, cell: c } = start
  for (const input of tf.unstack(inputs) as tf.Tensor2D[]) {
    const [i, f, g, o] = tf.split(tf.add(input, tf.matMul(h, recurrent)), 4, 1) as Four
    const opened: Four = [tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)]
    c = tf.add(tf.mul(opened[1], c), tf.mul(opened[0], opened[2]))
    h = tf.mul(opened[3], tf.tanh(c))
    hidden.push(h)
    cells.push(c)
    gates.push(tf.concat(opened, 1))
  }
  return { hidden: stacked(hidden), cells: stacked(cells), gates: stacked(gates) }
}

/** Whether rows of units are whole vectors of four. */
const inVectors = ({ cell }: LstmState): boolean => cell.shape[1] % 4 === 0

type Four = [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D]

const stacked = (steps: readonly tf.Tensor2D[]): tf.Tensor3D => tf.stack([...steps]) as tf.Tensor3D

/**
 * Gradient of {@link lstm} with respect to its inputs, [steps, batch, 4 units]: backpropagation through all its steps, and none
 * into `start`. `dy`: gradient of `hidden`.
 */
export function lstmGradient(
  dy: tf.Tensor3D,
  pass: LstmPass,
  recurrent: tf.Tensor2D,
  start: LstmState,
): tf.Tensor3D {
  if (hasKernel(LSTM_GRADIENT) && inVectors(start))
    return runKernel<tf.Rank.R3>(LSTM_GRADIENT, {
      dy,
      cells: pass.cells,
      gates: pass.gates,
      recurrent,
      cell: start.cell,
    })
  const slopes = tf.unstack(dy) as tf.Tensor2D[]
  const cells = tf.unstack(pass.cells) as tf.Tensor2D[]
  const gates = tf.unstack(pass.gates) as tf.Tensor2D[]
  const result: tf.Tensor2D[] = []
  let dh: tf.Tensor2D | undefined
  let dc: tf.Tensor2D | undefined
  for (let step = slopes.length - 1; step >= 0; step--) {
    const [i, f, g, o] = tf.split(gates[step]!, 4, 1) as Four
    const slope: tf.Tensor2D = dh === undefined ? slopes[step]! : tf.add(slopes[step]!, dh)
    const c = tf.tanh(cells[step]!)
    const here = tf.mul(tf.mul(slope, o), oneMinusSquare(c))
    const dCell: tf.Tensor2D = dc === undefined ? (here as tf.Tensor2D) : tf.add(dc, here)
    const before = step === 0 ? start.cell : cells[step - 1]!
    const dGates = tf.concat(
      [
        tf.mul(tf.mul(dCell, g), sigmoidSlope(i)),
        tf.mul(tf.mul(dCell, before), sigmoidSlope(f)),
        tf.mul(tf.mul(dCell, i), oneMinusSquare(g)),
        tf.mul(tf.mul(slope, c), sigmoidSlope(o)),
      ] as Four,
      1,
    )
    result.unshift(dGates)
    dc = tf.mul(dCell, f)
    dh = tf.matMul(dGates, recurrent, false, true)
  }
  return stacked(result)
}

const oneMinusSquare = (y: tf.Tensor): tf.Tensor => tf.sub(1, tf.square(y))
const sigmoidSlope = (y: tf.Tensor): tf.Tensor => tf.mul(y, tf.sub(1, y))
