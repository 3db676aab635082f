import { expect, test } from 'vitest'
import { libraryFiles, librarySpaces, resolveImport } from '../../src/language/imports.ts'

test.each([
  ['std/adam', 'main.opt', 'std/adam'],
  ['std/spaces/joint', 'a/main.opt', 'std/spaces/joint'],
  ['./half.opt', 'main.opt', 'half.opt'],
  ['./half.opt', 'rules/main.opt', 'rules/half.opt'],
  ['../third.opt', 'rules/main.opt', 'third.opt'],
  ['../third.opt', 'main.opt', '../third.opt'],
  ['../../third.opt', 'a/main.opt', '../third.opt'],
  ['./a/../b//c.opt', '/x/main.opt', '/x/b/c.opt'],
  ['../../c.opt', '/x/main.opt', '/c.opt'],
  ['half.opt', 'main.opt', undefined],
  ['/half.opt', 'main.opt', undefined],
  ['./half.opt', 'std/adam', undefined],
])('%s of %s is %s', (specifier, from, expected) => {
  expect(resolveImport(specifier, from)).toBe(expected)
})

test('spaces are no files of the library, and numbers are in their order', () => {
  const names = ['std/lr10', 'std/spaces/joint', 'std/lr9', 'std/adam']
  expect(libraryFiles(names)).toEqual(['std/adam', 'std/lr9', 'std/lr10'])
  expect(librarySpaces(names)).toEqual(['joint'])
})
