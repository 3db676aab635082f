import { expect, test } from 'vitest'
import { missingTrainingPackage, trainingFailure } from '../../src/hosts/cli/training-packages.ts'

/** What Node says where a package is not installed. */
async function absence(name: string): Promise<unknown> {
  try {
    return await import(`data:text/javascript,import ${JSON.stringify(name)}`)
  } catch (error) {
    return error
  }
}

test.each([
  ["Cannot find package '@tensorflow/tfjs-core' imported from /a/b.js", '@tensorflow/tfjs-core'],
  [
    "Cannot find module '@tensorflow/tfjs-layers'\nRequire stack:\n- /a/b.js",
    '@tensorflow/tfjs-layers',
  ],
  ["Cannot find package '@tensorflow/tfjs-node-gpu' imported from /a/b.js", undefined],
  ["Cannot find package 'other' imported from /a/b.js", undefined],
  ["it says: Cannot find package '@tensorflow/tfjs-core'", undefined],
])('of %j is missing: %s', (message, name) => {
  expect(missingTrainingPackage(new Error(message))).toBe(name)
})

test('errors of other kinds are no missing packages', async () => {
  expect(missingTrainingPackage('Cannot find package')).toBeUndefined()
  expect(missingTrainingPackage(await absence('no-such-package'))).toBeUndefined()
})

test('the failure names every package with its version', () => {
  const { message, help, exitCode } = trainingFailure('train', '@tensorflow/tfjs-core')
  expect(message).toBe(
    '`optc train` needs TensorFlow.js, and @tensorflow/tfjs-core is not installed',
  )
  expect(help).toMatch(
    /^npm install( @tensorflow\/tfjs-(core|layers|backend-cpu|backend-wasm)@\d+\.\d+\.\d+){4}$/,
  )
  expect(exitCode).toBe(1)
})
