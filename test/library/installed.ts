import { execFile } from 'node:child_process'
import {
  cpSync,
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

export const root = join(import.meta.dirname, '../..')

const runFile = promisify(execFile)

interface PackedFile {
  readonly path: string
}

/** The paths of the files that npm packs, from the root of the package. Rejects when nothing is built. */
export async function packedFiles(): Promise<readonly string[]> {
  // The scripts would build anew, under the other tests.
  const line = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const isWindows = process.platform === 'win32'
  const { stdout } = await runFile('npm', line, { cwd: root, shell: isWindows, maxBuffer: 2 ** 24 })
  const [packed] = JSON.parse(stdout) as readonly { readonly files: readonly PackedFile[] }[]
  return packed!.files.map(({ path }) => path)
}

/** The tarball that {@link installPackage} pretends to have installed. */
export const TARBALL = 'optc-lang.tgz'

/**
 * A folder whose node_modules hold the package as npm would install it from a tarball there, with fresh declarations, its command,
 * TypeScript, and, unless told otherwise, the packages that training needs.
 */
export async function installPackage({ isTraining = true } = {}): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'optc-installed-')))
  const modules = join(folder, 'node_modules')
  for (const path of await packedFiles()) {
    if (!path.startsWith('dist/types/')) cpSync(join(root, path), join(modules, 'optc-lang', path))
  }
  await runFile(process.execPath, ['declarations.js', join(modules, 'optc-lang/dist/types')], {
    cwd: root,
  })
  const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly peerDependencies: Readonly<Record<string, string>>
  }
  const peers = isTraining ? Object.keys(peerDependencies) : []
  for (const name of [...peers, 'typescript', '@types/node', 'undici-types']) {
    const link = join(modules, name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(realpathSync(join(root, 'node_modules', name)), link, 'junction')
  }
  mkdirSync(join(modules, '.bin'))
  symlinkSync('../optc-lang/dist/optc.cjs', join(modules, '.bin/optc'))
  symlinkSync('../typescript/bin/tsc', join(modules, '.bin/tsc'))
  const lock = { packages: { 'node_modules/optc-lang': { resolved: `file:${TARBALL}` } } }
  writeFileSync(join(modules, '.package-lock.json'), JSON.stringify(lock))
  return folder
}

/** What `npm LINE` prints in a folder. Rejects when it fails. */
export async function npm(folder: string, line: readonly string[]): Promise<string> {
  const isWindows = process.platform === 'win32'
  return (await runFile('npm', line, { cwd: folder, shell: isWindows })).stdout
}

/** What `node LINE` writes to standard error in a folder. Rejects when it fails. */
export async function noteOf(folder: string, line: readonly string[]): Promise<string> {
  return (await runFile(process.execPath, line, { cwd: folder })).stderr
}

/** What a module in a folder prints, run by Node in a process of its own. Rejects when it fails. */
export async function runModule(folder: string, name: string): Promise<string> {
  return (await runFile(process.execPath, [name], { cwd: folder })).stdout
}
