import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'

export const root = join(import.meta.dirname, '../..')

const runFile = promisify(execFile)

/** What npm says of a tarball that it packed. */
interface Packed {
  readonly filename: string
  /** Bytes of all files together. */
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string; readonly size: number }[]
}

/** A tarball of the package as it would be published. */
export interface Tarball extends Packed {
  /** Its absolute path. */
  readonly path: string
}

async function pack(folder: string, ...more: readonly string[]): Promise<Packed> {
  // The scripts would build anew, under the other tests.
  const printed = await npm(folder, ['pack', '--json', '--ignore-scripts', ...more])
  return (JSON.parse(printed) as readonly Packed[])[0]!
}

/** Packs what is built, with fresh declarations. Rejects when nothing is built. */
export async function packPackage(): Promise<Tarball> {
  if (!existsSync(join(root, 'dist/library/index.js')))
    throw new Error('dist/library is missing: run `npm run build`')
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'optc-packed-')))
  const stage = join(folder, 'package')
  for (const { path } of (await pack(root, '--dry-run')).files)
    if (!path.startsWith('dist/types/')) cpSync(join(root, path), join(stage, path))
  await runFile(process.execPath, ['declarations.js', join(stage, 'dist/types')], { cwd: root })
  const packed = await pack(stage, '--pack-destination', folder)
  return { ...packed, path: join(folder, packed.filename) }
}

/** A folder in which npm has installed the package from a tarball, without a network, as the only one. */
export async function installPackage({ path }: Tarball): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'optc-installed-')))
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  await npm(folder, ['install', '--offline', '--no-audit', '--no-fund', path])
  return folder
}

/** The packages that training needs, which people install beside optc. */
export const TRAINING_PACKAGES = [
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
]

/** Puts packages that this project has beside the installed one. */
export function addPackages(folder: string, names: readonly string[]): void {
  for (const name of names) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(realpathSync(join(root, 'node_modules', name)), link, 'junction')
  }
}

/** What TypeScript compiles with, for those who want to know everything. */
const STRICT: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
}

/**
 * What TypeScript says under strict settings about a module of another project, and about all declarations that it reads but those
 * of packages whose paths hold a name of `others`.
 */
export function problemsOf(
  folder: string,
  name: string,
  text: string,
  others: readonly string[] = [],
): readonly string[] {
  const path = join(folder, name)
  writeFileSync(path, text)
  const program = ts.createProgram([path], STRICT)
  return program
    .getSourceFiles()
    .filter(({ fileName }) => !others.some((other) => fileName.includes(`/node_modules/${other}`)))
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ])
    .concat(program.getGlobalDiagnostics())
    .map(({ file, start = 0, messageText }) => {
      const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1
      return `line ${line} of ${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
}

/** What `npm LINE` prints in a folder. Rejects when it fails. */
export async function npm(folder: string, line: readonly string[]): Promise<string> {
  const options = { cwd: folder, shell: process.platform === 'win32', maxBuffer: 2 ** 24 }
  return (await runFile('npm', line, options)).stdout
}

/** What came of a program. */
export interface Ended {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the `optc` that npm has put into a folder. */
export async function optc(folder: string, line: readonly string[]): Promise<Ended> {
  const command = join(folder, 'node_modules/.bin/optc')
  try {
    const ended = await runFile(command, line, { cwd: folder, shell: process.platform === 'win32' })
    return { exitCode: 0, ...ended }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { exitCode: code, stdout, stderr }
  }
}

/** What a module in a folder prints, run by Node in a process of its own. Rejects when it fails. */
export async function runModule(folder: string, name: string): Promise<string> {
  return (await runFile(process.execPath, [name], { cwd: folder })).stdout
}

/** The package.json in a folder. */
export function descriptionIn(folder: string): {
  readonly [field: string]: unknown
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
} {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, never>
}
