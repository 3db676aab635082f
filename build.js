// Bundles the command line and the library into dist/: `npm run build`.
//
//   optc.cjs          where it starts: runs main.cjs with the machine code kept from earlier runs
//   main.cjs          the commands that must answer at once
//   commands/NAME.js  every other command, loaded when it is called, and what the processes of `optc evolve` run
//   pages/NAME.js     scripts of pages that commands serve
//   library/NAME.js   what packages import: ES modules, one for each of the `exports` of package.json
//   types/            their declarations, written by declarations.js and kept here
//   playground/       the page that `optc playground` serves, written by playground.js and kept here
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { build } from 'esbuild'

const OUTPUT = 'dist'
/** Takes the place of dist/ when everything is built. */
const STAGE = '.cache/dist'
const COMMANDS = 'src/hosts/cli/commands'
const QUICK = ['check', 'fmt']

const shared = {
  bundle: true,
  // Names stay as they are: reports of errors can be read, and giving functions their names back would take 8 ms.
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 200,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  // Heavy and needed by few commands, or not to be loaded twice.
  external: [
    '@tensorflow/*',
    '@wasm-fmt/ruff_fmt/*',
    'jsonc-parser',
    'prettier/plugins/*',
    'prettier/standalone',
    'sharp',
    'ts-morph',
    'webgpu',
    'zod',
  ],
}

/** Commands that are not quick are loaded from files of their own, by the function that optc.cjs hands in. */
const slowCommands = {
  name: 'slow commands',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^\.\/commands\/[\w-]+\.ts$/ }, ({ path }) => {
      const name = basename(path, '.ts')
      return QUICK.includes(name) ? undefined : { path: name, namespace: 'slow' }
    })
    onLoad({ filter: /.*/, namespace: 'slow' }, ({ path }) => ({
      contents: `export const run = async (call) => (await load('./commands/${path}.js')).run(call)`,
    }))
  },
}

/** Commander loads it for commands that are programs of their own, which we have none of; it takes 10 ms. */
const withoutChildProcess = {
  name: 'without child_process',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('commander') ? { path: 'nothing', namespace: 'nothing' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {}' }))
  },
}

rmSync(STAGE, { recursive: true, force: true })
await Promise.all([
  build({
    ...shared,
    entryPoints: { optc: 'src/hosts/cli/launch.ts' },
    outdir: STAGE,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    banner: { js: '#!/usr/bin/env node' },
  }),
  build({
    ...shared,
    entryPoints: { main: 'src/hosts/cli/optc.ts' },
    outdir: STAGE,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    plugins: [slowCommands, withoutChildProcess],
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href" },
  }),
  build({
    ...shared,
    entryPoints: {
      'evolve-worker': 'src/hosts/worker/worker.ts',
      'watch-companion': 'src/hosts/cli/watching/companion.ts',
      ...Object.fromEntries(
        readdirSync(COMMANDS)
          .map((file) => basename(file, '.ts'))
          .filter((name) => !QUICK.includes(name))
          .map((name) => [name, `${COMMANDS}/${name}.ts`]),
      ),
    },
    outdir: `${STAGE}/commands`,
    chunkNames: 'shared/[hash]',
    format: 'esm',
    splitting: true,
    // Packages written in CommonJS ask for Node's modules with `require`, which ES modules do not have.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url)",
    },
  }),
  build({
    entryPoints: { watch: 'src/hosts/cli/watching/page/main.ts' },
    outdir: `${STAGE}/pages`,
    format: 'iife',
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    logLevel: 'warning',
  }),
  build({
    entryPoints: {
      index: 'src/index.ts',
      data: 'src/library/data.ts',
      runtime: 'src/library/runtime.ts',
      search: 'src/library/search.ts',
      'wasm-training': 'src/library/wasm-training.ts',
      'prettier-plugin': 'src/syntax/prettier-plugin.ts',
    },
    outdir: `${STAGE}/library`,
    chunkNames: 'shared/[hash]',
    format: 'esm',
    bundle: true,
    splitting: true,
    // For Node and, but for the search, browsers: who bundles it finds what it depends on.
    platform: 'neutral',
    packages: 'external',
    external: ['node:*'],
    target: 'es2022',
    logLevel: 'warning',
  }),
])
for (const kept of ['types', 'playground'])
  if (existsSync(`${OUTPUT}/${kept}`)) renameSync(`${OUTPUT}/${kept}`, `${STAGE}/${kept}`)
chmodSync(`${STAGE}/optc.cjs`, 0o755)
rmSync(OUTPUT, { recursive: true, force: true })
renameSync(STAGE, OUTPUT)
// The first run keeps its machine code.
execFileSync(process.execPath, [`${OUTPUT}/optc.cjs`, 'check', 'std/adam'], { stdio: 'ignore' })
