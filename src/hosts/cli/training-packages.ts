import { failure, type Failure } from './failure.ts'
import { packageDescription } from './package.ts'

/** What training and measuring need of TensorFlow.js: optional peers, so that all else works without them. */
const TRAINING_PACKAGES = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
] as const

/** The part of TensorFlow.js that Node did not find; undefined where an error says something else. */
export function missingTrainingPackage(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const [, name] =
    /^Cannot find (?:package|module) '(@tensorflow\/[\w-]+)/.exec(error.message) ?? []
  return TRAINING_PACKAGES.find((each) => each === name)
}

/** The failure of `command` where TensorFlow.js is not installed: it says what to install. */
export function trainingFailure(command: string, missing: string): Failure {
  const { peerDependencies } = packageDescription()
  const wanted = TRAINING_PACKAGES.map((name) => `${name}@${peerDependencies[name]}`)
  return failure(
    'failed',
    `\`optc ${command}\` needs TensorFlow.js, and ${missing} is not installed`,
    `npm install ${wanted.join(' ')}`,
  )
}
