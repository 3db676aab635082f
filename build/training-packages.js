// TensorFlow.js as Node loads it, for packages that npm does not install: of each of its packages the files that it consists of at
// run time, unchanged, where Node looks for them.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { globSync } from 'tinyglobby'
import { noticesOf } from './notices.js'

const PACKAGES = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
]
/** Asked for by a Node that has no `fetch` of its own. */
const NEVER_LOADED = ['node-fetch']
/** What is read rather than imported. */
const DATA = ['node_modules/@tensorflow/tfjs-backend-wasm/dist/*.wasm']

/** Puts the packages, and what they import, with all licences into the folder `out`, which is to be called node_modules. */
export async function layTrainingPackages(out) {
  const result = await build({
    entryPoints: PACKAGES,
    bundle: true,
    write: false,
    outdir: out,
    platform: 'node',
    mainFields: ['main'],
    external: NEVER_LOADED,
    metafile: true,
    logLevel: 'warning',
  })
  const files = [...Object.keys(result.metafile.inputs), ...globSync(DATA)]
  for (const file of files) cpSync(file, join(out, insideOf(file)))
  for (const name of new Set(files.map(packageOf))) layDescription(name, out)
  writeFileSync(join(out, 'THIRD-PARTY-NOTICES.txt'), noticesOf([result]))
}

/** Where a file stands in the outermost node_modules; the packages of packages are in theirs. */
const insideOf = (file) => file.replace(/^.*?\bnode_modules\//, '')
const packageOf = (file) => /^(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(insideOf(file))[0]

/** What of a package.json is true of what is left. */
function layDescription(name, out) {
  const path = join(name, 'package.json')
  const { version, license, main } = JSON.parse(readFileSync(join('node_modules', path), 'utf8'))
  mkdirSync(dirname(join(out, path)), { recursive: true })
  writeFileSync(join(out, path), `${JSON.stringify({ name, version, license, main }, null, 2)}\n`)
}
