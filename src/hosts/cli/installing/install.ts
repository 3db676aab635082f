import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { failure, type Failure } from '../failure.ts'
import type { Progress } from '../progress.ts'
import type { Machine } from './machine.ts'
import { LIBRARIES, SIZES, TENSORFLOW_VERSION, versionIn, type Plan } from './plan.ts'
import { runProgram, type ProgramOptions, type ProgramResult } from './run-program.ts'
import { folderSize, putInPlace, withStage } from './stage.ts'

/** How an installation tells how far it is. */
export interface Installing {
  readonly signal: AbortSignal
  /** A line for the person. */
  readonly note: (text: string) => void
  /** A bar for something of that many megabytes. */
  readonly measure: (title: string, megabytes: number) => Progress
}

const POLL_MILLISECONDS = 500

/**
 * Carries a plan out. Everything is put together beside its place and moved there when it is whole, so that an end at any
 * moment leaves nothing half done, and what was fetched whole is not fetched again. Throws a failure for what goes wrong
 * outside; rejects when the signal is aborted.
 */
export async function install(plan: Plan, machine: Machine, installing: Installing): Promise<void> {
  // The last place is the first that is written to: where that cannot be done nothing is fetched.
  await withStage(machine.packages, async (stage) => {
    if (!plan.library.isThere)
      await withStage(machine.home, (inner) => unpackLibrary(plan, machine, installing, inner))
    if (!plan.headers.isThere)
      await withStage(machine.home, (inner) => fetchHeaders(plan, machine, installing, inner))
    const { name, isThere } = plan.package
    if (!isThere) await fetchPackage(plan, machine, installing, stage)
    const folder = isThere ? plan.package.folder : join(stage, 'node_modules', name)
    await buildBinding(folder, plan, machine, installing, stage)
    if (!isThere) putInPlace(folder, plan.package.folder)
  })
}

/** Python, which a wheel is for anyway, unpacks a part of one: archive, folder, then the beginnings of names. */
const UNPACK = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for name in wheel.namelist():
        if name.startswith(tuple(sys.argv[3:])):
            wheel.extract(name, sys.argv[2])
`

/** The libraries and the C headers that they and the binding need, of the 900 MB in the wheel. */
const UNPACKED = [
  ...LIBRARIES.map((library) => `tensorflow/${library}`),
  'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/',
  'tensorflow/include/tsl/',
]

async function unpackLibrary(
  plan: Plan,
  machine: Machine,
  installing: Installing,
  stage: string,
): Promise<void> {
  const options = optionsOf(machine, installing, stage)
  const wheel = plan.wheel ?? (await fetchWheel(machine, installing, stage))
  const files = join(stage, 'files')
  const unpacked = await runProgram('python3', ['-c', UNPACK, wheel, files, ...UNPACKED], options)
  const missing = LIBRARIES.find((library) => !existsSync(join(files, 'tensorflow', library)))
  if (unpacked.exitCode !== 0 || missing !== undefined) {
    // One that is damaged would be in the way of another.
    rmSync(wheel, { force: true })
    throw programFailure(`${basename(wheel)} could not be unpacked`, unpacked)
  }
  putInPlace(files, plan.library.folder)
  rmSync(wheel, { force: true })
}

/** The path of TensorFlow's wheel, fetched. */
async function fetchWheel(
  machine: Machine,
  installing: Installing,
  stage: string,
): Promise<string> {
  const wheels = join(stage, 'wheels')
  const temporary = join(stage, 'temporary')
  mkdirSync(temporary)
  const wanted = `tensorflow-cpu==${TENSORFLOW_VERSION}`
  // The wheel is only an archive here: it need not be one for the Python that fetches it.
  const arguments_ = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary',
    ':all:',
    '--dest',
    wheels,
  ]
  const target = ['--implementation', 'cp', '--python-version', '3.11', '--abi', 'cp311']
  const platforms = ['--platform', 'manylinux_2_17_x86_64', '--platform', 'manylinux2014_x86_64']
  const options = optionsOf(machine, installing, stage)
  const [size] = SIZES.wheel
  const progress = installing.measure('fetching TensorFlow', size)
  // Some versions of pip keep more than one copy for a while.
  const timer = setInterval(
    () => progress.update(Math.min(size, megabytesIn(temporary))),
    POLL_MILLISECONDS,
  )
  try {
    const fetched = await runProgram('python3', [...arguments_, ...target, ...platforms, wanted], {
      ...options,
      env: { ...options.env, TMPDIR: temporary },
    })
    const [wheel] = existsSync(wheels) ? readdirSync(wheels) : []
    if (fetched.exitCode !== 0 || wheel === undefined)
      throw programFailure(
        `pip could not fetch ${wanted}`,
        fetched,
        'PIP_INDEX_URL names a mirror, PIP_FIND_LINKS a folder with the wheel',
      )
    const kept = join(machine.home, wheel)
    putInPlace(join(wheels, wheel), kept)
    return kept
  } finally {
    clearInterval(timer)
    progress.end()
  }
}

/** Files may vanish while they are counted; then the last number stands. */
function megabytesIn(folder: string): number {
  try {
    return Math.round(folderSize(folder) / 1e6)
  } catch {
    return 0
  }
}

async function fetchHeaders(
  plan: Plan,
  machine: Machine,
  installing: Installing,
  stage: string,
): Promise<void> {
  installing.note("fetching Node's C headers")
  await npmInstall(['node-api-headers@1'], machine, installing, stage)
  putInPlace(stage, plan.headersPackage)
}

/** Fetches the package with what it needs inside, but for what the packages around its place have in the same version. */
async function fetchPackage(
  { package: { name, version } }: Plan,
  machine: Machine,
  installing: Installing,
  stage: string,
): Promise<void> {
  installing.note(`fetching ${name} ${version}`)
  // Registries and proxies of the project count here too.
  const settings = join(dirname(machine.packages), '.npmrc')
  if (existsSync(settings)) cpSync(settings, join(stage, '.npmrc'))
  // Its own script would fetch TensorFlow from where it cannot be reached.
  await npmInstall(['--install-strategy=shallow', `${name}@${version}`], machine, installing, stage)
  const inside = join(stage, 'node_modules', name, 'node_modules')
  for (const each of packagesIn(inside)) {
    const around = join(machine.packages, each, 'package.json')
    const own = join(inside, each)
    if (existsSync(around) && versionIn(around) === versionIn(join(own, 'package.json')))
      rmSync(own, { recursive: true })
  }
}

/** The names of the packages in a node_modules folder. */
function packagesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@')
        ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`)
        : [name],
    )
}

/** Installs into `stage` alone, running no scripts of packages. */
async function npmInstall(
  wanted: readonly string[],
  machine: Machine,
  installing: Installing,
  stage: string,
): Promise<void> {
  writeFileSync(join(stage, 'package.json'), '{ "private": true }\n')
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
  const result = await runProgram(
    'npm',
    ['install', '--prefix', stage, ...quiet, ...wanted],
    optionsOf(machine, installing, stage),
  )
  if (result.exitCode !== 0)
    throw programFailure(
      `npm could not fetch ${wanted.at(-1)}`,
      result,
      'NPM_CONFIG_REGISTRY names a mirror',
    )
}

const MANIFEST = z.object({ binary: z.object({ napi_versions: z.array(z.number()) }) })

/** Compiles the binding of the package in `folder` to where the package looks for it. */
async function buildBinding(
  folder: string,
  { library, headers, compiler }: Plan,
  machine: Machine,
  installing: Installing,
  stage: string,
): Promise<void> {
  installing.note("compiling the package's binding")
  const { binary } = MANIFEST.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
  const napi = Math.min(machine.napi, Math.max(...binary.napi_versions))
  const libraries = join(library.folder, 'tensorflow')
  const sources = readdirSync(join(folder, 'binding'))
    .filter((name) => name.endsWith('.cc'))
    .map((name) => join(folder, 'binding', name))
  const built = join(stage, 'tfjs_binding.node')
  const result = await runProgram(
    compiler,
    [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-fvisibility=hidden', `-DNAPI_VERSION=${napi}`],
      ...[`-I${headers.folder}`, `-I${join(libraries, 'include')}`, ...sources, '-o', built],
      ...[`-L${libraries}`, ...LIBRARIES.map((name) => `-l:${name}`), `-Wl,-rpath,${libraries}`],
    ],
    optionsOf(machine, installing, stage),
  )
  if (result.exitCode !== 0 || !existsSync(built))
    throw programFailure(`${compiler} could not compile the binding`, result)
  putInPlace(built, join(folder, 'lib', `napi-v${napi}`, basename(built)))
}

const optionsOf = ({ env }: Machine, { signal }: Installing, cwd: string): ProgramOptions => ({
  cwd,
  env,
  signal,
})

/** How pip and npm say that they reach nobody; what they say last may be that there is no such package. */
const NO_CONNECTION =
  /connection broken|NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT/

/** A failure with the last thing that a program said of an error, or the last it said at all. */
function programFailure(message: string, { lines }: ProgramResult, help?: string): Failure {
  const said = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)
  const reason = lines.some((line) => NO_CONNECTION.test(line))
    ? 'there is no connection'
    : said?.trim()
  return failure('failed', reason === undefined ? message : `${message}: ${reason}`, help)
}
