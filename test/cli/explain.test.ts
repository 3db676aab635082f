import { describe, expect, it } from 'vitest'
import { libraryNames } from '../../src/hosts/cli/package.ts'
import { createSources } from '../../src/hosts/cli/sources.ts'
import { pages } from '../../src/diagnostics/pages.ts'
import { HIDDEN } from '../../src/language/explain/topic.ts'
import { allTopics } from '../../src/language/explain/topics.ts'
import { guideExamples } from '../../src/language/explain/guides.ts'
import { wordExamples } from '../../src/language/explain/words.ts'
import { spaceTopics } from '../../src/language/explain/space-words.ts'
import type { Mutation } from '../../src/mutate/mutations/mutation.ts'
import { mutations } from '../../src/mutate/mutations/table.ts'
import { entriesOf } from '../../src/mutate/space/probabilities.ts'
import { parse } from '../../src/syntax/parse.ts'
import { source } from '../stdlib/library.ts'
import { createSession } from './session.ts'

describe('explain', () => {
  it('lists everything, and has a page for all of it', async () => {
    const session = createSession()
    const { stdout, exitCode } = await session.run('explain')
    expect(exitCode).toBe(0)
    const names = [...stdout.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name!)
    for (const known of [
      'unknown-name',
      'softplus',
      '+',
      'ema',
      'std/adam',
      'state',
      'pi',
      'lr',
      'space',
      'limits',
      'axes',
      'globals',
      'normal',
      'types',
    ])
      expect(names).toContain(known)
    for (const code of Object.keys(pages)) expect(names).toContain(code)
    const topics = allTopics(libraryNames(), createSources(session.folder).library)
    expect(new Set(topics.filter(({ group }) => group !== HIDDEN).map(({ name }) => name))).toEqual(
      new Set(names),
    )
    for (const { name, page, summary } of topics) {
      expect(page(80).split('\n').length, name).toBeGreaterThan(2)
      expect(summary, name).not.toBe('')
    }
  })

  it.each([
    ['over', 'axes: '],
    ['inputs', 'axes: '],
    ['onNonFinite', 'groups: '],
    ['global', 'globals: '],
    ['matrix', 'matrices: '],
  ])('answers %s with the page about it', async (name, page) => {
    const { stdout, exitCode } = await createSession().run(`explain ${name}`)
    expect(exitCode).toBe(0)
    expect(stdout).toContain(page)
  })

  it('has a page for every entry that a space may have', () => {
    const { value } = parse(source('std/spaces/modern'))
    const space = value.items.find((item) => item.kind === 'space')!
    const names = new Set(mutations.flatMap((row: Mutation) => entriesOf(row).map(([key]) => key)))
    for (const { name, value: entry } of space.body.entries) {
      names.add(name.name)
      if (entry.kind === 'space-group' && name.name !== 'values')
        for (const inner of entry.entries) names.add(inner.name.name)
    }
    expect(new Set(spaceTopics().map(({ name }) => name))).toEqual(names)
  })

  it.each(Object.entries({ ...wordExamples(), ...guideExamples() }))(
    'shows a program for %s that is right',
    async (_, example) => {
      const session = createSession({ 'example.opt': example })
      expect(await session.run('check example.opt --max-warnings 0')).toMatchObject({
        exitCode: 0,
        stdout: '',
      })
      expect((await session.run('fmt --check example.opt')).exitCode).toBe(0)
    },
  )
})
