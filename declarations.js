// Writes the declarations of what package.json exports: `npm run declarations`, or `node declarations.js FOLDER` for another
// place than dist/types. A file for each export and for what several of them declare, with nothing that is not exported or needed
// by it. The types are checked by `npm run typecheck`, not here.
import { rmSync } from 'node:fs'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { ENTRIES } from './build/entries.js'

const [folder = 'dist/types'] = process.argv.slice(2)
/** Packages whose types users have: they are peers of this one. */
const PEERS = /^(@tensorflow\/tfjs-(core|layers)|prettier)$/

const complaints = []
const bundle = await rollup({
  input: ENTRIES,
  external: PEERS,
  plugins: [dts({ tsconfig: 'tsconfig.json' })],
  onLog: (level, { code, message }) => {
    // A module may be imported for what it does alone.
    if (level === 'warn' && code !== 'EMPTY_BUNDLE') complaints.push(message)
  },
})
rmSync(folder, { recursive: true, force: true })
await bundle.write({
  dir: folder,
  entryFileNames: '[name].d.ts',
  chunkFileNames: 'shared/[name].d.ts',
  hoistTransitiveImports: false,
  minifyInternalExports: false,
})
if (complaints.length > 0) {
  process.stderr.write(`${complaints.join('\n')}\n`)
  process.exit(1)
}
