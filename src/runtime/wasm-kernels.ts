import * as tf from '@tensorflow/tfjs-core'
import { registerAttentionKernels } from './wasm/attention-kernels.ts'
import { registerConvolutionKernels } from './wasm/convolution-kernels.ts'
import { registerDepthwiseKernels } from './wasm/depthwise-kernels.ts'
import { registerNormalizationKernels } from './wasm/normalization-kernels.ts'
import { registerLstmKernels } from './wasm/lstm-kernels.ts'
import { registerMatrixKernels } from './wasm/matrix-kernels.ts'
import { registerPoolingKernels } from './wasm/pooling-kernels.ts'
import { registerSegmentKernels } from './wasm/segment-kernels.ts'
import { registerSmallKernels } from './wasm/small-kernels.ts'
import { registerTextKernels } from './wasm/text-kernels.ts'

/**
 * Registers on the wasm backend the kernels it lacks, right ones for those that are wrong there, and faster ones for those it does
 * slowly. Twice is harmless.
 */
export function registerWasmKernels(): void {
  if (tf.getKernel(tf.Conv2DBackpropFilter, 'wasm') !== undefined) return
  registerMatrixKernels()
  registerConvolutionKernels()
  registerDepthwiseKernels()
  registerPoolingKernels()
  registerSegmentKernels()
  registerNormalizationKernels()
  registerSmallKernels()
  registerTextKernels()
  registerLstmKernels()
  registerAttentionKernels()
}
