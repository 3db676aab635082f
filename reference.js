// Builds the reference as static pages: `npm run build:reference`, or `node reference.js FOLDER` for another folder than
// .cache/reference. A page each for chapters and for what is looked up, a search, and nothing from elsewhere:
//
//   NAME.html          the pages
//   reference.css      how they look
//   reference.js       their search
//   search-index.js    what is searched, loaded when the search is first used
import { copyFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const SOURCE = 'src/hosts/reference'
/** Where what writes the pages is put to be run. */
const STAGE = '.cache/write-reference'

/** Writes the pages into `folder`, which is emptied first; `playground` is the address that they link to, if any. */
export async function buildReference(folder, playground) {
  await build({
    entryPoints: [join(SOURCE, 'write.ts')],
    outdir: STAGE,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  })
  const { writeReference } = await import(pathToFileURL(resolve(STAGE, 'write.mjs')).href)
  writeReference(folder, playground)
  copyFileSync(join(SOURCE, 'reference.css'), join(folder, 'reference.css'))
  await build({
    entryPoints: [join(SOURCE, 'page.ts')],
    outfile: join(folder, 'reference.js'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'warning',
  })
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await buildReference(process.argv[2] ?? '.cache/reference')
