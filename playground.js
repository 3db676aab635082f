// Builds the playground into dist/playground/: `npm run build:playground`. A static page that needs no server of its own:
//
//   index.html, *.css, main.js       the page
//   workers/NAME.js                  what runs beside it, one for each file of src/hosts/playground/workers
//   chunks/                          what they share, and what is loaded when it is first needed
//   wasm/, data/                     what networks are trained with, and on
//   reference/                       the reference
//
// `node playground.js FOLDER` writes another folder; with --packed each file is compressed, as the package has them: `optc playground`
// serves both.
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { buildReference } from './reference.js'

const SOURCE = 'src/hosts/playground'
const { values, positionals } = parseArgs({
  options: { packed: { type: 'boolean' } },
  allowPositionals: true,
})
const [output = 'dist/playground'] = positionals

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const workers = readdirSync(join(SOURCE, 'workers'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'))

/**
 * Packages written in CommonJS that are loaded when they are needed. What they export is only known by running them, so that esbuild
 * would give a chunk with one export; each becomes a module with all of its names.
 */
const NAMED = ['ts-morph']

const namedExports = {
  name: 'named exports',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: new RegExp(`^(${NAMED.join('|')})$`) }, ({ path, namespace }) =>
      namespace === 'named' ? undefined : { path, namespace: 'named' },
    )
    onLoad({ filter: /.*/, namespace: 'named' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter(
        (name) => /^\w+$/.test(name) && name !== 'default',
      )
      const contents = `import * as all from '${path}'\nexport const { ${names.join(', ')} } = all`
      return { contents, resolveDir: '.' }
    })
  },
}

rmSync(output, { recursive: true, force: true })
mkdirSync(join(output, 'chunks'), { recursive: true })
await build({
  entryPoints: {
    main: join(SOURCE, 'page/main.ts'),
    ...Object.fromEntries(
      workers.map((name) => [`workers/${name}`, join(SOURCE, 'workers', `${name}.ts`)]),
    ),
  },
  outdir: output,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  minify: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  define: {
    OPTC_VERSION: JSON.stringify(version),
    // What ts-morph goes by: all files that it is asked about are in memory.
    'process.browser': 'true',
    'globalThis.process': 'undefined',
  },
  plugins: [namedExports],
  logLevel: 'warning',
})
for (const file of ['index.html', 'style.css', 'views.css'])
  copyFileSync(join(SOURCE, 'page', file), join(output, file))
// Found beside the code that loads it.
const ruff = dirname(createRequire(import.meta.url).resolve('@wasm-fmt/ruff_fmt/package.json'))
copyFileSync(join(ruff, 'ruff_fmt_bg.wasm'), join(output, 'chunks/ruff_fmt_bg.wasm'))
// Networks are trained on these; the folder that is asked for them holds nothing else.
const wasm = dirname(
  createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'),
)
for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'])
  cpSync(join(wasm, 'dist', name), join(output, 'wasm', name))
cpSync('src/tasks/data/fashion14', join(output, 'data/fashion14'), {
  recursive: true,
  filter: (path) => !path.includes('.') || path.endsWith('.gz'),
})
await buildReference(join(output, 'reference'), '../index.html')
if (values.packed)
  for (const entry of readdirSync(output, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || path.endsWith('.gz')) continue
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }))
    rmSync(path)
  }
