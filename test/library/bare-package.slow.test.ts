import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createProtocolConnection,
  DidOpenTextDocumentNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'
import { targetNames } from '../../src/emit/targets.ts'
import { commands } from '../../src/hosts/cli/command-table.ts'
import { standardLibrary } from '../../src/library/standard-library.ts'
import {
  addPackages,
  descriptionIn,
  installPackage,
  npm,
  optc,
  packPackage,
  problemsOf,
  root,
  runModule,
  TRAINING_PACKAGES,
  type Tarball,
} from './installed.ts'
import { bundle, openPage } from './page.ts'

/** Most bytes that the package may have, unpacked. */
const MOST_BYTES = 25_000_000

let tarball: Tarball
/** Where npm has installed the package, and nothing else is. */
let folder = ''

beforeAll(async () => {
  tarball = await packPackage()
  folder = await installPackage(tarball)
  writeFileSync(join(folder, 'rule.opt'), RULE)
}, 300_000)
afterAll(() => {
  for (const made of [folder, dirname(tarball.path)]) rmSync(made, { recursive: true, force: true })
})

const RULE = `optimizer Mine(lr = 0.1, beta = 0.9) {
  update = lr * ema(g, beta)
}
`

describe('the package', () => {
  it('holds what it needs and nothing else', () => {
    const paths = tarball.files.map(({ path }) => path)
    const allowed = [
      /^(LICENSE|README\.md|package\.json)$/,
      /^dist\/(optc|main)\.cjs$/,
      /^dist\/optc\.1$/,
      /^dist\/THIRD-PARTY-NOTICES\.txt$/,
      /^dist\/(commands|library)\/(shared\/)?[\w-]+\.js$/,
      /^dist\/vendor\/[\w-]+\.js$/,
      /^dist\/(pages|playground)\//,
      /^dist\/types\/(shared\/)?[\w-]+\.d\.ts$/,
      /^stdlib\/.+\.(opt|md)$/,
      /^src\/tasks\/(data\/(fashion14|digits8|moby-dick|penguins)\/|bench-torch\.py$)/,
      /^src\/tasks\/own\/python\/host\.py$/,
      /^src\/hosts\/cli\/comparing\/framework_steps\.py$/,
      /^src\/study\/data\//,
    ]
    expect(paths.filter((path) => !allowed.some((pattern) => pattern.test(path)))).toEqual([])
    for (const path of ['dist/optc.cjs', 'dist/library/search.js', 'stdlib/spaces/joint.opt'])
      expect(paths).toContain(path)
  })

  it('has no more bytes than it may have', () => {
    expect(tarball.unpackedSize).toBeLessThanOrEqual(MOST_BYTES)
  })

  it('installs by itself, and runs nothing when it is installed', () => {
    expect(
      readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.')),
    ).toEqual(['optc-lang'])
    const { dependencies, optionalDependencies, peerDependenciesMeta, scripts } = descriptionIn(
      join(folder, 'node_modules/optc-lang'),
    )
    expect([dependencies, optionalDependencies]).toEqual([undefined, undefined])
    const { peerDependencies } = descriptionIn(join(folder, 'node_modules/optc-lang'))
    const optional = Object.keys(peerDependencies!).map((name) => [name, { optional: true }])
    expect(peerDependenciesMeta).toEqual(Object.fromEntries(optional))
    expect(Object.keys(scripts as object)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(pre|post)?install$/)]),
    )
  })

  it('has what publint and arethetypeswrong ask for', async () => {
    const run = (...line: readonly string[]): Promise<string> =>
      npm(root, ['exec', '--offline', '--', ...line])
    expect(await run('publint', 'run', tarball.path, '--strict')).toContain('All good!')
    const wrong = await run('attw', tarball.path, '--profile', 'esm-only', '--format', 'json')
    const { problems } = JSON.parse(wrong) as { readonly problems: object }
    const ignored = ['NoResolution', 'CJSResolvesToESM']
    expect(Object.keys(problems).filter((kind) => !ignored.includes(kind))).toEqual([])
  })

  it('brings the licence of every package that is bundled', () => {
    const notices = readFileSync(
      join(folder, 'node_modules/optc-lang/dist/THIRD-PARTY-NOTICES.txt'),
      'utf8',
    )
    const { devDependencies } = descriptionIn(root)
    for (const name of [
      'chevrotain',
      'commander',
      'prettier',
      'ts-morph',
      'typescript',
      'vscode-languageserver',
      'zod',
      '@wasm-fmt/ruff_fmt',
    ])
      expect(notices).toContain(`${name} ${devDependencies![name]} (`)
  })

  it.skipIf(!existsSync('/usr/bin/man'))('has a manual page that tells of every command', () => {
    const page = join(folder, 'node_modules/optc-lang/dist/optc.1')
    const shown = execFileSync('man', ['--warnings', page], {
      encoding: 'utf8',
      env: { ...process.env, MANWIDTH: '100', MANPAGER: 'cat' },
    })
    for (const { name } of commands) expect(shown).toMatch(new RegExp(`^ +optc ${name}\\b`, 'm'))
  })
})

describe('declarations', () => {
  const text = `
    import { check, compile, mutate, path, simulate, targets, type Checked, type MutationKind } from 'optc-lang'
    import { readNpy, type DataResult } from 'optc-lang/data'
    const checked: Checked = (await check('update = lr * g')).value
    const [target] = targets
    const files = (await compile('update = lr * g', { target: target! })).files
    const kind: MutationKind | undefined = (await mutate('update = lr * g')).value?.kind
    export { checked, files, kind, path, readNpy, simulate }
    export type Loaded = DataResult<string>
  `

  it('need no other package, not even to be checked themselves', () => {
    expect(problemsOf(folder, 'consumer.mts', text)).toEqual([])
    const wrong = `import { check } from 'optc-lang'\nexport const valid: string = (await check('')).value.valid`
    expect(problemsOf(folder, 'wrong.mts', wrong)).toHaveLength(1)
  })
})

describe('without TensorFlow.js', () => {
  it.each<[string, string, RegExp]>([
    ['check', 'check rule.opt', /^no problems in rule\.opt$/m],
    ['fmt', 'fmt --check rule.opt', /^every file is formatted$/m],
    ['explain', 'explain std/adam', /^Adam: /m],
    ['plot a path', 'plot rule.opt', /on test surfaces/],
    ['plot a curve', 'plot std/lr3', /LR3|lr3/],
    ['simulate', 'simulate rule.opt --trace trace.json --json', /"w":\[\[0\.99/],
    ['integrity', 'integrity rule.opt', /accepted/],
    ['dedupe', 'dedupe rule.opt std/adam', /2 rules/],
    ['data', 'data', /fashion14/],
    ['init', 'init mine', /rule\.opt/],
    ['completion bash', 'completion bash', /compile/],
    ['completion zsh', 'completion zsh', /compile/],
    ['completion fish', 'completion fish', /compile/],
    ['help', 'train --help', /--task/],
  ])('%s works', async (_, line, expected) => {
    writeFileSync(
      join(folder, 'trace.json'),
      JSON.stringify({ shape: [1], w0: [1], gradients: [[1]] }),
    )
    const { exitCode, stdout, stderr } = await optc(folder, line.split(' '))
    expect(exitCode, stderr).toBe(0)
    expect(stdout + stderr).toMatch(expected)
  })

  it.each(targetNames)('compile --target %s works', async (target) => {
    const { compile } = await import('../../src/index.ts')
    const [file] = (await compile(standardLibrary['std/adam']!, { target, path: 'std/adam' })).files
    const { exitCode, stdout } = await optc(folder, ['compile', 'std/adam', '--target', target])
    expect(exitCode).toBe(0)
    const [, first, text] = /^(.*)\n([^]*)$/.exec(stdout)!
    expect(first).toMatch(/^(\/\/|#) Compiled by optc from std\/adam$/)
    expect(text).toBe(file!.text)
  })

  it('lsp works', async () => {
    const server = spawn(join(folder, 'node_modules/.bin/optc'), ['lsp'], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const client = createProtocolConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    )
    client.listen()
    const uri = `file://${folder}/wrong.opt`
    const told = new Promise((resolve) =>
      client.onNotification(PublishDiagnosticsNotification.type, resolve),
    )
    await client.sendRequest(InitializeRequest.type, {
      processId: null,
      rootUri: null,
      capabilities: {},
    })
    await client.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'opt', version: 1, text: 'update = lr * h\n' },
    })
    expect(await told).toMatchObject({ uri, diagnostics: [{ code: 'unknown-name' }] })
    client.dispose()
    server.kill()
  })

  it.each([
    'train rule.opt',
    'evolve',
    'tasks',
    'bench',
    'doctor',
    'study',
    'replicate',
    'plot rule.opt --task quadratic',
    'simulate rule.opt --trace trace.json --target ts',
  ])('%s says what to install', async (line) => {
    const { exitCode, stdout, stderr } = await optc(folder, line.split(' '))
    expect([exitCode, stdout]).toEqual([1, ''])
    const { peerDependencies } = descriptionIn(root)
    const [first, second = ''] = stderr.trimEnd().split('\n')
    expect(first).toMatch(
      new RegExp(
        `^error: \`optc ${line.split(' ')[0]}\` needs TensorFlow\\.js, and @tensorflow/[\\w-]+ is not installed$`,
      ),
    )
    for (const name of TRAINING_PACKAGES)
      expect(second).toContain(` ${name}@${peerDependencies![name]}`)
    expect(second).toContain('npm install ')
  })

  it('the library compiles', async () => {
    const text = `
      import { compile, targets } from 'optc-lang'
      for (const target of targets) {
        const { files } = await compile('update = lr * g', { target, path: 'mine.opt' })
        console.log(target, files.length, files[0].path)
      }
    `
    writeFileSync(join(folder, 'run.mjs'), text)
    const lines = (await runModule(folder, 'run.mjs')).trimEnd().split('\n')
    expect(lines.map((line) => line.split(' ')[0])).toEqual(targetNames)
    for (const line of lines) expect(line).toMatch(/ 1 mine\.\w+$/)
  })

  it('the library compiles in a browser to what Node compiles to', async () => {
    writeFileSync(join(folder, 'page.mjs'), "export { compile } from 'optc-lang'")
    const run = openPage(await bundle(join(folder, 'page.mjs')), { WebAssembly })
    const { compile } = await import('../../src/index.ts')
    const adam = standardLibrary['std/adam']!
    for (const target of targetNames)
      expect(
        await run('return (await optc.compile(given.adam, given)).files', { adam, target }),
      ).toEqual((await compile(adam, { target })).files)
  })
})

describe('with what else people have', () => {
  beforeAll(() => addPackages(folder, [...TRAINING_PACKAGES, 'prettier']))

  it('the runtime trains in a bundle for browsers', async () => {
    const text = `
      export * as tf from '@tensorflow/tfjs-core'
      export { loadOptimizer, selectBackend } from 'optc-lang/runtime'
    `
    writeFileSync(join(folder, 'train.mjs'), text)
    // By these tfjs tells that it is in a browser.
    const more = { document: {}, location: { search: '' }, navigator: { userAgent: 'test' } }
    const run = openPage(await bundle(join(folder, 'train.mjs')), more)
    const body = `
      const { tf, loadOptimizer, selectBackend } = optc
      await selectBackend('cpu')
      const x = tf.variable(tf.scalar(3), true, 'x')
      const optimizer = (await loadOptimizer(given)).value({ hyperparameters: { lr: 0.5 } })
      for (let step = 0; step < 300; step++) optimizer.minimize(() => tf.square(x), false, [x])
      return Array.from(x.dataSync())[0]`
    expect(Math.abs((await run(body, RULE)) as number)).toBeLessThan(1e-3)
  })

  it("the plugin formats, called by the package's name", async () => {
    writeFileSync(join(folder, 'wide.opt'), 'update=lr*g\n')
    const line = ['exec', '--', 'prettier', '--plugin', 'optc-lang/prettier-plugin', 'wide.opt']
    expect(await npm(folder, line)).toBe('update = lr * g\n')
  })
})
