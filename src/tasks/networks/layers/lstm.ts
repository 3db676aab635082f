import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { columnSums } from '../../../runtime/column-sums.ts'
import {
  lstm as runLstm,
  lstmGradient,
  type LstmPass,
  type LstmState,
} from '../../../runtime/recurrent.ts'
import type { Carried } from '../carried.ts'
import type { Layer } from '../layer.ts'
import {
  count,
  layerName,
  scaled,
  wantsRank,
  type LayerKind,
  type LayerPlace,
  type NamedSpec,
} from '../layer-kind.ts'

export interface LstmSpec extends NamedSpec {
  readonly kind: 'lstm'
  readonly units: number
  /** What it gives: h after the last step, or after each of them; `all` when absent. */
  readonly gives?: 'all' | 'last'
}

export const lstm: LayerKind<LstmSpec> = {
  summary:
    'long short-term memory over the rows of an example; weights uniform in +-1/sqrt(units), biases 0, that of the forget gate 1',
  schema: z.strictObject({
    kind: z.literal('lstm'),
    name: layerName,
    units: count,
    gives: z.enum(['all', 'last']).exactOptional(),
  }),
  shape: ({ units, gives = 'all' }, input) =>
    wantsRank(input, [2], SEQUENCES) ?? (gives === 'all' ? [input[0]!, units] : [units]),
  work: ({ units }, input) => 4 * units * input[0]! * (input[1]! + units),
  widened: (spec, factor) => ({ ...spec, units: scaled(spec.units, factor) }),
  build: (spec, place) => lstmLayer(spec, place),
}

export const SEQUENCES = 'sequences [steps, features]'

function lstmLayer(
  { units, gives = 'all' }: LstmSpec,
  { name, make, input: [, features = 0] }: LayerPlace,
): Layer {
  const limit = 1 / Math.sqrt(units)
  const kernel = make.uniform(`${name}/kernel`, [features, 4 * units], limit)
  const recurrent = make.uniform(`${name}/recurrent`, [units, 4 * units], limit)
  const bias = make.constant(`${name}/bias`, [4 * units], 0)
  // Memory that lasts from the beginning (Jozefowicz, Zaremba and Sutskever, 2015). Gates stand in the order i, f, g, o.
  tf.tidy(() =>
    bias.assign(tf.concat([tf.zeros([units]), tf.ones([units]), tf.zeros([2 * units])])),
  )
  const weights = {
    kernel: kernel as tf.Variable<tf.Rank.R2>,
    recurrent: recurrent as tf.Variable<tf.Rank.R2>,
    bias,
  }

  const forward = (x: tf.Tensor, carried: Carried | undefined): Pass => {
    const [batch = 0, steps = 0] = x.shape
    const before = carried?.get(name) as readonly [tf.Tensor2D, tf.Tensor2D] | undefined
    const zeros = (): tf.Tensor2D => tf.zeros([batch, units])
    const start = { hidden: before?.[0] ?? zeros(), cell: before?.[1] ?? zeros() }
    const rows = tf.reshape(timeFirst(x), [steps * batch, features]) as tf.Tensor2D
    const inputs = tf.reshape(tf.add(tf.matMul(rows, weights.kernel), bias), [
      steps,
      batch,
      4 * units,
    ]) as tf.Tensor3D
    // Those that were kept are disposed of when others come: the way back still wants them.
    const pass = runLstm(inputs, weights.recurrent, start)
    return { rows, start, pass, steps, batch }
  }
  const leave = ({ pass, steps }: Pass, carried: Carried | undefined): void =>
    carried?.set(name, [at(pass.hidden, steps - 1), at(pass.cells, steps - 1)])
  const given = ({ pass, steps }: Pass): tf.Tensor =>
    gives === 'last' ? at(pass.hidden, steps - 1) : timeFirst(pass.hidden)

  return {
    name,
    parameters: [kernel, recurrent, bias],
    state: [],
    infer: (x, carried) => {
      const whole = forward(x, carried)
      leave(whole, carried)
      return given(whole)
    },
    train: (x, { carried }) => {
      const whole = forward(x, carried)
      const start = { hidden: tf.clone(whole.start.hidden), cell: tf.clone(whole.start.cell) }
      leave(whole, carried)
      return {
        output: given(whole),
        backward: (dy, inputWanted) => backward({ ...whole, start }, weights, dy, inputWanted),
      }
    },
  }
}

/** A way forward through the layer. */
interface Pass {
  /** What came in, [steps * batch, features]. */
  readonly rows: tf.Tensor2D
  readonly start: LstmState
  readonly pass: LstmPass
  readonly steps: number
  readonly batch: number
}

function backward(
  { rows, start, pass, steps, batch }: Pass,
  { kernel, recurrent }: { readonly kernel: tf.Tensor2D; readonly recurrent: tf.Tensor2D },
  dy: tf.Tensor,
  inputWanted: boolean,
): { readonly parameters: readonly tf.Tensor[]; readonly input?: tf.Tensor } {
  const [, units] = start.cell.shape
  const slopes = (dy.rank === 3 ? timeFirst(dy) : lastOf(dy as tf.Tensor2D, steps)) as tf.Tensor3D
  const dInputs = tf.reshape(lstmGradient(slopes, pass, recurrent, start), [
    steps * batch,
    4 * units,
  ]) as tf.Tensor2D
  const before = tf.concat([
    start.hidden,
    tf.reshape(tf.slice(pass.hidden, 0, steps - 1), [(steps - 1) * batch, units]) as tf.Tensor2D,
  ])
  const dKernel = tf.matMul(rows, dInputs, true, false)
  const parameters = [dKernel, tf.matMul(before, dInputs, true, false), columnSums(dInputs)]
  if (!inputWanted) return { parameters }
  const dRows = tf.matMul(dInputs, kernel, false, true)
  const features = rows.shape[1]
  return { parameters, input: timeFirst(tf.reshape(dRows, [steps, batch, features])) }
}

/** [a, b, c] to [b, a, c]: examples first to steps first, and back. */
const timeFirst = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [1, 0, 2])

/** One step of [steps, batch, units]. */
const at = (sequence: tf.Tensor3D, step: number): tf.Tensor2D =>
  tf.reshape(tf.slice(sequence, step, 1), sequence.shape.slice(1) as [number, number])

/** A gradient of the last step as one of all of them. */
function lastOf(dy: tf.Tensor2D, steps: number): tf.Tensor3D {
  const [batch, units] = dy.shape
  return tf.concat([
    tf.zeros([steps - 1, batch, units]),
    tf.reshape(dy, [1, batch, units]),
  ]) as tf.Tensor3D
}
