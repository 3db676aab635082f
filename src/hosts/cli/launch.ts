import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Script } from 'node:vm'

/**
 * Where the program starts. Compiling the command line takes longer than most of what it does, so the compiled code is
 * kept beside it; Node 20 does not do that by itself. Without that file, or with one of another Node, it is just slower.
 */
const file = join(__dirname, 'main.cjs')
const cacheFile = join(__dirname, `main-${process.version}-${process.arch}.cache`)

interface Main {
  main: () => void
}

function readCache(): Buffer | undefined {
  try {
    return readFileSync(cacheFile)
  } catch {
    return undefined
  }
}

const cachedData = readCache()
const script = new Script(
  `(function (module, require, load, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`,
  {
    filename: file,
    ...(cachedData !== undefined && { cachedData }),
  },
)
const loaded: { exports: Partial<Main> } = { exports: {} }
const evaluate = script.runInThisContext() as (
  module: { exports: Partial<Main> },
  require: NodeJS.Require,
  load: (path: string) => Promise<unknown>,
  filename: string,
  dirname: string,
) => void
// Code that was kept cannot import modules itself.
evaluate(loaded, createRequire(file), (path) => import(path), file, __dirname)

if (cachedData === undefined || script.cachedDataRejected === true)
  // At the end, when what was needed is compiled.
  process.once('exit', () => {
    try {
      const temporary = `${cacheFile}.${process.pid}`
      writeFileSync(temporary, script.createCachedData())
      renameSync(temporary, cacheFile)
    } catch {
      // An installation that cannot be written to stays without.
    }
  })
loaded.exports.main!()
