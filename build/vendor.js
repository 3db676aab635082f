// Packages that build.js bundles once, each into a file of dist/vendor, for all files of dist that use them: they are large, and
// needed by few commands. package.json calls them `#vendor/NAME.js`, for Node and for whoever bundles the library.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Modules of packages. */
const PACKAGES = [
  'prettier/plugins/estree',
  'prettier/plugins/typescript',
  'prettier/standalone',
  'ts-morph',
  'zod',
]
/** The one whose names are only known by running it. */
const COMMON_JS = 'ts-morph'
/** A module of ours in the place of which dist has one that finds its WebAssembly without a file system or a server. */
const RUFF = resolve('src/emit/python/ruff.ts')

export const VENDOR = [...PACKAGES, RUFF]

/** The name of the file in dist/vendor. */
export function vendorFile(specifier) {
  return specifier === RUFF ? 'ruff.js' : `${specifier.replaceAll('/', '-')}.js`
}

/** Makes of imports of these modules imports of the files in the folder `vendor`, as modules name it, which are not followed. */
export const fromVendor = (vendor = '#vendor') => ({
  name: 'from vendor',
  setup: ({ onResolve }) => {
    const outside = (specifier) => ({ path: `${vendor}/${vendorFile(specifier)}`, external: true })
    onResolve({ filter: new RegExp(`^(${PACKAGES.join('|')})$`) }, ({ path }) => outside(path))
    onResolve({ filter: /\/ruff\.ts$/ }, ({ path, resolveDir }) =>
      join(resolveDir, path) === RUFF ? outside(RUFF) : undefined,
    )
  },
})

/** ts-morph brings the declarations of JavaScript's own library as texts of 3 MB, which nobody asks for: no types are checked. */
const withoutLibraries = {
  name: 'without libraries',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[/\\]ts-morph-common\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const contents = text.replace(/^const libFiles = \[\{[^]*?^ *\}\];$/m, 'const libFiles = []')
      if (contents === text) throw new Error(`${path} has its libraries elsewhere`)
      return { contents }
    })
  },
}

/** How esbuild writes such a file, but for where. */
export async function vendorBuild(specifier) {
  return {
    stdin: {
      contents: specifier === RUFF ? RUFF_ENTRY : await packageEntry(specifier),
      resolveDir: '.',
    },
    bundle: true,
    minify: true,
    format: 'esm',
    // For Node too: all files that they are asked about are in memory.
    platform: 'browser',
    define: { 'process.browser': 'true', 'globalThis.process': 'undefined' },
    metafile: true,
    loader: { '.wasm': 'binary' },
    plugins: [withoutLibraries],
    target: 'es2022',
    logLevel: 'warning',
  }
}

/** Exports what the package does. */
async function packageEntry(specifier) {
  if (specifier !== COMMON_JS)
    return `export * from '${specifier}'\nexport { default } from '${specifier}'`
  const names = Object.keys(await import(specifier)).filter((name) => name !== 'default')
  return `import * as all from '${specifier}'\nexport const { ${names.join(', ')} } = all`
}

/** ruff is one module of WebAssembly; this file holds it. */
const RUFF_ENTRY = `
  import code from '@wasm-fmt/ruff_fmt/wasm'
  import * as binding from '@wasm-fmt/ruff_fmt/ruff_fmt_bg.js'
  export async function loadRuff() {
    const { instance } = await WebAssembly.instantiate(code, { './ruff_fmt_bg.js': binding })
    binding.__wbg_set_wasm(instance.exports)
    return binding.format
  }`
