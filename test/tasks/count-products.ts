import * as tf from '@tensorflow/tfjs-core'

/** How many multiplications the products of matrices have that `run` has on backend cpu. */
export function countProducts(run: () => void): number {
  const kernel = tf.getKernel(tf.BatchMatMul, 'cpu')
  let count = 0
  tf.unregisterKernel(tf.BatchMatMul, 'cpu')
  tf.registerKernel({
    ...kernel,
    kernelFunc: (call) => {
      const result = kernel.kernelFunc(call) as tf.TensorInfo
      const { a } = call.inputs as { a: tf.TensorInfo }
      const terms = a.shape.at((call.attrs as { transposeA: boolean }).transposeA ? -2 : -1)!
      count += tf.util.sizeFromShape(result.shape) * terms
      return result
    },
  })
  try {
    run()
    return count
  } finally {
    tf.unregisterKernel(tf.BatchMatMul, 'cpu')
    tf.registerKernel(kernel)
  }
}
