import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { isFailure } from '../../src/hosts/cli/failure.ts'
import { installTensorflow } from '../../src/hosts/cli/installing/install-tensorflow.ts'
import type { Machine } from '../../src/hosts/cli/installing/machine.ts'
import { createOutput } from '../../src/hosts/cli/output.ts'
import type { World } from '../../src/hosts/cli/world.ts'

export const PACKAGE = '@tensorflow/tfjs-node-gpu'
export const BINDING = `${PACKAGE}/lib/napi-v8/tfjs_binding.node`
export const MANIFEST = JSON.stringify({ version: '4.22.0', binary: { napi_versions: [3, 8] } })
export const WHEEL = 'tensorflow_cpu-2.15.1-cp311-cp311-manylinux2014_x86_64.whl'

/** Programs in the place of those that fetch and compile: each notes its call, fails when it is told to, and leaves what the real one would. */
const PROGRAMS = {
  npm: `
    const stage = args[args.indexOf('--prefix') + 1]
    const wanted = args.at(-1)
    note('npm ' + wanted)
    const inside = stage + '/node_modules/'
    if (wanted.startsWith('node-api-headers')) put(inside + 'node-api-headers/include/node_api.h', '')
    else {
      const folder = inside + wanted.slice(0, wanted.lastIndexOf('@')) + '/'
      put(folder + 'package.json', ${JSON.stringify(MANIFEST)})
      put(folder + 'binding/tfjs_binding.cc', '')
      for (const [name, version] of [['seedrandom', '3.0.5'], ['@tensorflow/tfjs', '4.22.0'], ['@tensorflow/tfjs-core', '4.22.0'], ['long', '4.0.0']])
        put(folder + 'node_modules/' + name + '/package.json', JSON.stringify({ version }))
      put(folder + 'node_modules/.bin/tool', '')
      if (existsSync(stage + '/.npmrc')) note('.npmrc')
    }`,
  python3: `
    if (args[2] === '--version') note('pip --version')
    else if (args[0] === '-m') {
      note('pip download')
      put(args[args.indexOf('--dest') + 1] + '/${WHEEL}', 'wheel')
    } else {
      note('unpack')
      if (readFileSync(args[2], 'utf8') !== 'wheel') end('zipfile.BadZipFile: File is not a zip file')
      for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'include/tensorflow/c/c_api.h'])
        put(args[3] + '/tensorflow/' + name, '')
    }`,
  'g++': `
    note('g++ ' + args.find((each) => each.startsWith('-DNAPI')) + ' ' + args.filter((each) => each.startsWith('-I')).map((each) => each.slice(2)).every((each) => existsSync(each)))
    put(args[args.indexOf('-o') + 1], 'binding')`,
}

const SHARED = `#!${process.execPath}
const { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs')
const { dirname } = require('node:path')
const args = process.argv.slice(2)
const note = (text) => {
  appendFileSync(process.env.LOG, text + '\\n')
  if (process.env.HANGS && text.startsWith(process.env.HANGS)) {
    appendFileSync(process.env.LOG, 'pid ' + process.pid + '\\n')
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)
  }
  if (process.env.FAILS && text.startsWith(process.env.FAILS)) end(process.env.SAYS || 'ERROR: no luck')
}
const end = (reason) => {
  console.error('WARNING: something else\\n' + reason + '\\n\\n')
  process.exit(1)
}
const put = (path, text) => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
`

export interface Scene {
  readonly folder: string
  readonly machine: Machine
  /** What the programs have been called for since the last time. */
  readonly calls: () => string[]
  readonly write: (files: Readonly<Record<string, string>>) => void
  readonly install: (options?: {
    readonly machine?: Partial<Machine>
    readonly env?: World['env']
    readonly isDryRun?: boolean
    readonly signal?: AbortSignal
  }) => Promise<{ exitCode: number; stdout: string; stderr: string }>
}

/** A machine on which everything that is needed is there, and nothing of what is built. */
export function createScene(
  programs: readonly (keyof typeof PROGRAMS)[] = ['npm', 'python3', 'g++'],
): Scene {
  const folder = mkdtempSync(join(tmpdir(), 'optc-install-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const write: Scene['write'] = (files) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
  }
  write({
    'node_modules/@tensorflow/tfjs-core/package.json': '{ "version": "4.22.0" }',
    'node_modules/long/package.json': '{ "version": "5.0.0" }',
    'include/node_api.h': '',
    log: '',
  })
  mkdirSync(join(folder, 'bin'))
  for (const name of programs) {
    write({ [`bin/${name}`]: SHARED + PROGRAMS[name] })
    chmodSync(join(folder, 'bin', name), 0o755)
  }
  const packages = join(folder, 'node_modules')
  const env = { PATH: join(folder, 'bin'), LOG: join(folder, 'log') }
  const machine: Machine = {
    platform: 'linux',
    arch: 'x64',
    hasGlibc: true,
    napi: 9,
    packages,
    home: join(folder, 'kept'),
    headers: join(folder, 'include'),
    trial: [
      process.execPath,
      '-e',
      `const there = require('fs').existsSync(process.argv[1]) && !process.env.UNFIT
      console.log('tensorflow: ' + (there ? 'works' : 'does not work; it is not for this processor') + '\\n    tfjs-core: 4.22.0')
      process.exit(there ? 0 : 1)`,
      join(packages, BINDING),
    ],
    env,
  }
  return {
    folder,
    machine,
    write,
    calls: () => {
      const lines = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')
      writeFileSync(join(folder, 'log'), '')
      return lines
    },
    install: async ({ machine: other = {}, env: more = {}, isDryRun = false, signal } = {}) => {
      const texts = { stdout: '', stderr: '' }
      const stream = (name: keyof typeof texts): World['stdout'] => ({
        write: (text) => void (texts[name] += text),
        isTerminal: false,
        columns: undefined,
      })
      const world: World = {
        cwd: folder,
        env: {},
        readStdin: () => Promise.resolve(new Uint8Array()),
        stdout: stream('stdout'),
        stderr: stream('stderr'),
        signal: signal ?? new AbortController().signal,
        now: () => 0,
      }
      const all = { ...machine, ...other, env: { ...env, ...other.env, ...more } }
      try {
        const exitCode = await installTensorflow(world, createOutput(world), isDryRun, all)
        return { exitCode, ...texts }
      } catch (error) {
        if (!isFailure(error)) throw error
        return {
          ...texts,
          exitCode: error.exitCode,
          stderr: `${error.message}\n${error.help ?? ''}`,
        }
      }
    },
  }
}

/** Whether nothing of what was being put together is left. */
export function isTidy({ folder }: Scene): boolean {
  const names = ['node_modules', 'kept'].filter((name) => existsSync(join(folder, name)))
  return names.every(
    (name) => !readdirSync(join(folder, name)).some((each) => each.startsWith('.')),
  )
}
