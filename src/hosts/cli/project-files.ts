import { PACKAGE_NAME } from '../../tasks/package-root.ts'
import { packageDescription } from './package.ts'

const RULE = `// A rule: how each weight moves, given its gradient \`g\`. One step does w <- w - update.
import { warm_up } from "./schedule.opt"

/// The sign of a moving average, with a step that fades along half a cosine wave.
optimizer SignCosine(
  /// The learning rate.
  lr in (0, inf) = 0.001,
  /// How much of the average is kept from step to step.
  momentum in [0, 1) = 0.9,
) {
  update = lr * warm_up(t) * sign(ema(g, momentum))
}
`

const SCHEDULE = `/// Up in a straight line over the first steps, then down along half a cosine wave.
///
/// \`t\` is the number of steps already taken, \`T\` their total number.
decay warm_up(t, steps in [1, inf) = 20) = min((t + 1) / steps, 1) * decay_cosine(t)
`

const EXAMPLE = `// Trains a small network with the compiled optimizer: \`npm run example\`.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import { SignCosine } from './compiled/rule.js'

const epochs = 60

// One wave, as 64 points.
const x = tf.expandDims(tf.linspace(-1, 1, 64), 1)
const y = tf.sin(tf.mul(x, 3))

const model = layers.sequential()
model.add(layers.layers.dense({ units: 16, activation: 'tanh', inputShape: [1] }))
model.add(layers.layers.dense({ units: 1 }))

// An ordinary tf.Optimizer. Any hyperparameter is a number, or a function of the steps taken and their total number.
const optimizer = new SignCosine({ lr: 0.02, totalSteps: epochs * 4 })
model.compile({ optimizer, loss: 'meanSquaredError' })
await model.fit(x, y, {
  epochs,
  batchSize: 16,
  verbose: 0,
  callbacks: {
    onEpochEnd: (epoch, logs) => {
      if (epoch % 10 === 9) console.log(\`epoch \${epoch + 1}: loss \${logs?.['loss']?.toFixed(5)}\`)
    },
  },
})
`

const TEST = `import assert from 'node:assert/strict'
import { test } from 'node:test'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { SignCosine } from './compiled/rule.js'
import { warmUp } from './compiled/schedule.js'

test('the rule goes downhill', () => {
  const w = tf.variable(tf.tensor1d([1, -2]))
  const optimizer = new SignCosine({ lr: 0.1, totalSteps: 60 })
  // The gradient of the sum of squares.
  for (let step = 0; step < 60; step++) optimizer.applyGradients({ [w.name]: tf.mul(w, 2) })
  for (const value of w.dataSync()) assert.ok(Math.abs(value) < 0.2)
})

test('the schedule goes up for 20 steps, then down', () => {
  const T = 100
  assert.ok(warmUp(0, T) < warmUp(10, T))
  assert.ok(warmUp(20, T) > warmUp(60, T))
  assert.ok(warmUp(T - 1, T) < 0.01)
})
`

const TYPESCRIPT = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    skipLibCheck: true,
    types: ['node'],
    rootDir: 'src',
    outDir: 'dist',
  },
  include: ['src'],
}

const IGNORE = `node_modules/
dist/
src/compiled/
.optc-cache/
`

/**
 * The files of a new project, by path. `name` is the folder's name, `from` where npm gets this package. Other packages are of the
 * versions that this one is developed with.
 */
export function projectFiles(name: string, from: string): Readonly<Record<string, string>> {
  const { peerDependencies, devDependencies } = packageDescription()
  const description = {
    name: packageName(name),
    private: true,
    type: 'module',
    scripts: {
      check: 'optc check',
      format: 'optc fmt',
      build: 'optc compile rule.opt schedule.opt --out src/compiled && tsc',
      test: 'npm run build && node --test dist/rule.test.js',
      example: 'npm run build && node dist/example.js',
      train: 'optc train rule.opt --task fashion14-mlp --against adam,sgd',
    },
    dependencies: versionsOf(peerDependencies, [
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-layers',
    ]),
    devDependencies: {
      [PACKAGE_NAME]: from,
      // For `optc train`, which is faster with it.
      ...versionsOf(peerDependencies, ['@tensorflow/tfjs-backend-wasm']),
      ...versionsOf(devDependencies, ['@types/node', 'typescript']),
    },
  }
  return {
    'rule.opt': RULE,
    'schedule.opt': SCHEDULE,
    'src/example.ts': EXAMPLE,
    'src/rule.test.ts': TEST,
    'package.json': `${JSON.stringify(description, undefined, 2)}\n`,
    'tsconfig.json': `${JSON.stringify(TYPESCRIPT, undefined, 2)}\n`,
    'README.md': readme(name),
    '.gitignore': IGNORE,
  }
}

function versionsOf(
  versions: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(names.map((name) => [name, versions[name]]))
}

function readme(name: string): string {
  return `# ${name}

An optimizer written in \`.opt\`, the language of optc.

| file | what it is |
|---|---|
| \`rule.opt\` | the optimizer |
| \`schedule.opt\` | the learning-rate schedule it uses |
| \`src/compiled/\` | what \`npm run build\` makes of both: TypeScript for tfjs |
| \`src/example.ts\` | a program that trains with the compiled class |
| \`src/rule.test.ts\` | tests |

\`\`\`sh
npm install
npm run check    # errors and warnings
npm test         # compiles the rule and runs the tests
npm run example  # compiles the rule and runs the example
npm run train    # trains a small network with it, beside Adam and SGD
\`\`\`

\`npx optc explain\` lists the operators and library functions a rule can use; \`npx optc --help\` the other commands.
`
}

/** A name npm accepts. */
function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '')
  return name === '' || name === 'node_modules' ? 'my-optimizer' : name
}
