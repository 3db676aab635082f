import { describe, expect, it } from 'vitest'
import { contextualWords, operatorWords, reservedWords } from '../../grammar/tokens.ts'
import { pages as diagnostics } from '../../src/diagnostics/pages.ts'
import { FILTERS } from '../../src/evolve/filters.ts'
import { entrySchema } from '../../src/evolve/journal.ts'
import { SEARCH_DEFAULTS } from '../../src/evolve/search-configuration.ts'
import { commands } from '../../src/hosts/cli/command-table.ts'
import { libraryNames as libraryFileNames } from '../../src/hosts/cli/package.ts'
import type { Mutation } from '../../src/mutate/mutations/mutation.ts'
import { mutations } from '../../src/mutate/mutations/table.ts'
import { entriesOf } from '../../src/mutate/space/probabilities.ts'
import { operators } from '../../src/operators/table.ts'
import { builtins, constants, EVALUATE, UPDATE } from '../../src/resolve/builtins.ts'
import { libraryNames } from '../../src/resolve/library-names.ts'
import { allNames, findTopics } from '../../src/reference/topics.ts'
import { axes, OVER } from '../../src/syntax/axis-argument.ts'
import { parse } from '../../src/syntax/parse.ts'
import { source } from '../stdlib/library.ts'
import { pages, topics } from './topics.ts'

const known = allNames(topics)
const missing = (names: Iterable<string>): readonly string[] =>
  [...names].filter((name) => !known.has(name))

/** The names of the entries that the spaces of the library and the table of mutations have. */
function spaceEntryNames(): ReadonlySet<string> {
  const { value } = parse(source('std/spaces/modern'))
  const space = value.items.find((item) => item.kind === 'space')!
  const names = new Set(mutations.flatMap((row: Mutation) => entriesOf(row).map(([key]) => key)))
  for (const { name, value: entry } of space.body.entries) {
    names.add(name.name)
    if (entry.kind === 'space-group' && name.name !== 'values')
      for (const inner of entry.entries) names.add(inner.name.name)
  }
  return names
}

describe('there is a page for', () => {
  it('every operator, by its name, its sign and what calls it', () => {
    expect(
      missing(
        operators.flatMap(({ name, callName, fixity }) => [
          name,
          callName ?? name,
          fixity?.symbol ?? name,
        ]),
      ),
    ).toEqual([])
  })

  it('every word of the language', () => {
    const words = [...reservedWords, ...contextualWords, ...operatorWords]
    expect(missing(words.map(({ LABEL, PATTERN }) => LABEL ?? String(PATTERN)))).toEqual([])
    expect(missing([UPDATE, EVALUATE, OVER, ...axes])).toEqual([])
  })

  it('every name that is always there', () => {
    expect(missing([...Object.keys(builtins), ...constants.keys(), 'lr'])).toEqual([])
  })

  it('every diagnostic code', () => {
    expect(missing(Object.keys(diagnostics))).toEqual([])
  })

  it('every file of the library and every function in it', () => {
    expect(missing(libraryFileNames())).toEqual([])
    expect(missing(Object.keys(libraryNames))).toEqual([])
    const prelude = parse(source('std/prelude')).value.items
    expect(
      missing(prelude.flatMap((item) => (item.kind === 'function' ? [item.name.name] : []))),
    ).toEqual([])
  })

  it('every command', () => {
    expect(missing(commands.map(({ name }) => name))).toEqual([])
  })

  it('every entry that a search space may have', () => {
    const group = topics.filter((topic) => topic.group === 'Entries of a search space')
    expect(new Set(group.map(({ name }) => name))).toEqual(spaceEntryNames())
  })

  it('what a search is told by: its configuration, filters, and the lines of its journal', () => {
    expect(missing(FILTERS.map(({ name }) => name))).toEqual([])
    const { finalSeeds, rateSeeds, ...told } = SEARCH_DEFAULTS
    expect([finalSeeds, rateSeeds].every((count) => count > 1)).toBe(true)
    expect(missing(Object.keys(told).filter((name) => name !== 'reuse'))).toEqual([])
    const journal = pages.find(({ name }) => name === 'journal')!.markdown
    for (const { shape } of entrySchema.options)
      expect(journal, shape.kind.value).toContain(`\`${shape.kind.value}\``)
  })
})

describe('pages', () => {
  it('say more than their summaries, which are one line', () => {
    for (const { name, summary, page } of topics) {
      expect(summary, name).toMatch(/^\S.*$/)
      expect(page().length, name).toBeGreaterThan(summary.length)
    }
  })

  it('name others that there are', () => {
    const asked = pages.flatMap(({ markdown }) =>
      [...markdown.matchAll(/`optc explain ([^`]+)`/g)].map(([, name]) => name!),
    )
    const unknown = asked.filter(
      (name) => name !== 'NAME' && name !== 'CODE' && findTopics(topics, name).topics.length === 0,
    )
    expect([...new Set(unknown)]).toEqual([])
    expect(asked.length).toBeGreaterThan(50)
  })

  it('have names of their own within a group, but for operators with more than one form', () => {
    const counts = new Map<string, number>()
    for (const { group, name } of topics) {
      if (group.startsWith('Operators')) continue
      counts.set(`${group}: ${name}`, (counts.get(`${group}: ${name}`) ?? 0) + 1)
    }
    expect([...counts].filter(([, count]) => count > 1)).toEqual([])
  })
})
