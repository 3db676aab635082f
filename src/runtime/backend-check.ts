import * as tf from '@tensorflow/tfjs-core'
import { convolution, convolutionFilterGradient, convolutionInputGradient } from './convolution.ts'

/**
 * Runs a product, a convolution and both its gradients on the current backend, and compares with loops in 64 bits. Returns
 * what differs, or undefined when all agree within 1e-4. Errors of the backend are thrown on.
 */
export async function checkBackend(): Promise<string | undefined> {
  const kept: tf.Tensor[] = []
  const keep = <T extends tf.Tensor>(tensor: T): T => {
    kept.push(tensor)
    return tensor
  }
  try {
    const x = keep(tf.tensor4d(sample(IMAGE.size, 1), IMAGE.shape))
    const filter = keep(tf.tensor4d(sample(FILTER.size, 2), FILTER.shape))
    const y = keep(convolution(x, filter, { stride: STRIDE }))
    const dy = keep(tf.tensor4d(sample(OUTPUT.size, 3), OUTPUT.shape))
    const dFilter = keep(convolutionFilterGradient(x, dy, FILTER.shape, { stride: STRIDE }))
    const dx = keep(convolutionInputGradient(IMAGE.shape, dy, filter, { stride: STRIDE }))
    const row = keep(tf.reshape(x, [1, IMAGE.size]))
    const square = keep(tf.matMul(row, row, false, true))
    const expected = reference()
    const results = {
      convolution: y,
      'filter gradient': dFilter,
      'input gradient': dx,
      product: square,
    }
    for (const [name, tensor] of Object.entries(results)) {
      const values = await tensor.data()
      const wanted = expected[name as keyof typeof results]
      const wrong = wanted.findIndex(
        (value, index) => !(Math.abs(value - (values[index] ?? NaN)) < 1e-4),
      )
      if (wrong >= 0)
        return `its ${name} gives ${values[wrong]} at ${wrong} where ${wanted[wrong]} is right`
    }
    return undefined
  } finally {
    tf.dispose(kept)
  }
}

const STRIDE = 2
const IMAGE = { shape: [2, 5, 5, 2] as [number, number, number, number], size: 100 }
const FILTER = { shape: [3, 3, 2, 3] as [number, number, number, number], size: 54 }
const OUTPUT = { shape: [2, 3, 3, 3] as [number, number, number, number], size: 54 }

/** Numbers in [-1, 1] that a 32-bit float holds exactly. */
const sample = (size: number, seed: number): number[] =>
  Array.from({ length: size }, (_, index) => ((index * 37 + seed * 11) % 65) / 32 - 1)

/** The four results by their definitions; padding 'same' of a 5x5 image with a 3x3 filter and stride 2 is 1 all around. */
function reference(): Record<
  'convolution' | 'filter gradient' | 'input gradient' | 'product',
  number[]
> {
  const x = sample(IMAGE.size, 1)
  const filter = sample(FILTER.size, 2)
  const dy = sample(OUTPUT.size, 3)
  const y = new Array<number>(OUTPUT.size).fill(0)
  const dFilter = new Array<number>(FILTER.size).fill(0)
  const dx = new Array<number>(IMAGE.size).fill(0)
  for (let out = 0; out < OUTPUT.size; out++) {
    const channel = out % 3
    const column = Math.floor(out / 3) % 3
    const row = Math.floor(out / 9) % 3
    const image = Math.floor(out / 27)
    for (let tap = 0; tap < 18; tap++) {
      const inRow = row * STRIDE + Math.floor(tap / 6) - 1
      const inColumn = column * STRIDE + (Math.floor(tap / 2) % 3) - 1
      if (inRow < 0 || inRow > 4 || inColumn < 0 || inColumn > 4) continue
      const from = ((image * 5 + inRow) * 5 + inColumn) * 2 + (tap % 2)
      const weight = tap * 3 + channel
      y[out]! += x[from]! * filter[weight]!
      dFilter[weight]! += x[from]! * dy[out]!
      dx[from]! += filter[weight]! * dy[out]!
    }
  }
  const product = [x.reduce((sum, value) => sum + value * value, 0)]
  return { convolution: y, 'filter gradient': dFilter, 'input gradient': dx, product }
}
