// Bundles the command line and the library into dist/: `npm run build`.
//
//   optc.cjs          where it starts: runs main.cjs with the machine code kept from earlier runs
//   main.cjs          the commands that must answer at once
//   commands/NAME.js  every other command, loaded when it is called, and what the processes of `optc evolve` run
//   pages/NAME.js     scripts of pages that commands serve
//   library/NAME.js   what packages import: ES modules, one for each of the `exports` of package.json
//   vendor/NAME.js    packages that are large, once for commands and library: installing optc installs nothing else
//   optc.1            the manual page
//   THIRD-PARTY-NOTICES.txt   licences of what is bundled
//   types/            their declarations, written by declarations.js and kept here
//   playground/       the page that `optc playground` serves, written by playground.js and kept here
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, resolve } from 'node:path'
import { build } from 'esbuild'
import { ENTRIES } from './build/entries.js'
import { noticesOf } from './build/notices.js'
import { fromVendor, VENDOR, vendorBuild, vendorFile } from './build/vendor.js'

const OUTPUT = 'dist'
/** Takes the place of dist/ when everything is built. */
const STAGE = '.cache/dist'
const COMMANDS = 'src/hosts/cli/commands'
const QUICK = ['check', 'fmt']

/** Packages written in CommonJS ask for Node's modules with `require`, which ES modules do not have. */
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url)"

/** What users install themselves, and what is built once. */
const EXTERNAL = ['@tensorflow/*', 'sharp', 'webgpu', '#vendor/*']

const shared = {
  bundle: true,
  // Names stay as they are: reports of errors can be read, and giving functions their names back would take 8 ms.
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 200,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  metafile: true,
  mainFields: ['module', 'main'],
  external: EXTERNAL,
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
const results = await Promise.all([
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
    plugins: [fromVendor(), slowCommands, withoutChildProcess],
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
    plugins: [fromVendor()],
    banner: { js: REQUIRE },
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
    metafile: true,
  }),
  build({
    entryPoints: ENTRIES,
    outdir: `${STAGE}/library`,
    chunkNames: 'shared/[hash]',
    format: 'esm',
    bundle: true,
    splitting: true,
    // For Node and, but for the search, browsers: who bundles it finds what it depends on.
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['node:*', ...EXTERNAL],
    plugins: [fromVendor()],
    target: 'es2022',
    logLevel: 'warning',
    metafile: true,
  }),
  ...VENDOR.map(async (specifier) =>
    build({
      ...(await vendorBuild(specifier)),
      outfile: `${STAGE}/vendor/${vendorFile(specifier)}`,
    }),
  ),
])
writeFileSync(`${STAGE}/THIRD-PARTY-NOTICES.txt`, noticesOf(results))
await writeManPage()
for (const kept of ['types', 'playground'])
  if (existsSync(`${OUTPUT}/${kept}`)) renameSync(`${OUTPUT}/${kept}`, `${STAGE}/${kept}`)
chmodSync(`${STAGE}/optc.cjs`, 0o755)
rmSync(OUTPUT, { recursive: true, force: true })
renameSync(STAGE, OUTPUT)
// The first run keeps its machine code.
execFileSync(process.execPath, [`${OUTPUT}/optc.cjs`, 'check', 'std/adam'], { stdio: 'ignore' })

/** The page is made by code of ours, which is in TypeScript. */
async function writeManPage() {
  const outfile = '.cache/man-page.mjs'
  await build({
    ...shared,
    entryPoints: ['src/hosts/cli/man-page.ts'],
    outfile,
    format: 'esm',
    packages: 'external',
  })
  const { manPage } = await import(resolve(outfile))
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  writeFileSync(`${STAGE}/optc.1`, manPage(version))
}
