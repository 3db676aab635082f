/** The modules of src that packages import, by the names that their files have in dist/library and dist/types. */
export const ENTRIES = {
  index: 'src/index.ts',
  data: 'src/library/data.ts',
  runtime: 'src/library/runtime.ts',
  search: 'src/library/search.ts',
  'wasm-training': 'src/library/wasm-training.ts',
  'prettier-plugin': 'src/syntax/prettier-plugin.ts',
}
