// Packages the extension for Visual Studio Code: `npm run vsix`, or `node vsix.js FILE` for another file than
// .cache/optc.vsix; `--stage FOLDER` only puts together what goes into it. It holds a server of its own:
//
//   extension.cjs, package.json, grammar   what the editor loads
//   server/                                the language server in one file, and the standard library
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { noticesOf } from './build/notices.js'

const SOURCE = 'src/hosts/vscode'
/** What packages extensions; taken from npm when it is run, since nothing else needs its hundreds of packages. */
const VSCE = '@vscode/vsce@3.9.2'

const [first = '.cache/optc.vsix', second] = process.argv.slice(2)
const isStage = first === '--stage'
const stage = isStage ? second : '.cache/vsix'

const { name, version, repository } = JSON.parse(readFileSync('package.json', 'utf8'))
const manifest = JSON.parse(readFileSync(join(SOURCE, 'manifest.json'), 'utf8'))

rmSync(stage, { recursive: true, force: true })
mkdirSync(join(stage, 'server'), { recursive: true })
const shared = {
  bundle: true,
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 200,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  metafile: true,
}
const results = await Promise.all([
  build({
    ...shared,
    entryPoints: [join(SOURCE, 'extension.ts')],
    outfile: join(stage, 'extension.cjs'),
    format: 'cjs',
    external: ['vscode'],
  }),
  build({
    ...shared,
    entryPoints: [join(SOURCE, 'server.ts')],
    outfile: join(stage, 'server/server.mjs'),
    format: 'esm',
    // Packages written in CommonJS ask for Node's modules with `require`, which ES modules do not have.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url)",
    },
  }),
])
const write = (path, content) =>
  writeFileSync(join(stage, path), `${JSON.stringify(content, null, 2)}\n`)
write('package.json', { ...manifest, version, ...(repository && { repository }) })
write('server/package.json', { name, version, type: 'module' })
for (const file of ['language-configuration.json', 'README.md'])
  cpSync(join(SOURCE, file), join(stage, file))
cpSync('grammar/opt.tmLanguage.json', join(stage, 'opt.tmLanguage.json'))
cpSync('LICENSE', join(stage, 'LICENSE'))
writeFileSync(join(stage, 'THIRD-PARTY-NOTICES.txt'), noticesOf(results))
cpSync('stdlib', join(stage, 'server/stdlib'), { recursive: true })
if (!isStage) {
  const out = join(process.cwd(), first)
  execFileSync(
    'npx',
    ['--yes', VSCE, 'package', '--no-dependencies', '--allow-missing-repository', '--out', out],
    { cwd: stage, stdio: 'inherit' },
  )
}
