/**
 * Training on the wasm backend of TensorFlow.js: `import 'optc-lang/wasm-training'` once, before the backend is set, and
 * `LayersModel.fit`, `tf.grads` and `optimizer.minimize` work there as on the cpu backend. It registers the kernels that the backend
 * lacks, right ones where its own are wrong, and faster ones for convolutions and products.
 */
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { registerGradients } from '../runtime/gradients.ts'
import { registerTensorMethods } from '../runtime/tensor-methods.ts'
import { registerBorrowedKernels } from '../runtime/wasm/borrowed-kernels.ts'
import { registerWasmKernels } from '../runtime/wasm-kernels.ts'

// The kernels work in a memory that belongs to one thread.
tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
registerWasmKernels()
registerBorrowedKernels()
registerGradients()
registerTensorMethods()
