import { describe, expect, test } from 'vitest'
import { FILTERS } from '../../src/evolve/filters.ts'
import type { Entry } from '../../src/evolve/journal.ts'
import { rejectionBy, rejectionWords } from '../../src/evolve/rejection.ts'
import { failureWords, kindWords } from '../../src/mutate/mutations/table.ts'
import { findProtocol } from '../../src/tasks/protocol.ts'
import { elementsOf, readMarkup, textOf, type MarkupElement } from './markup.ts'
import { report, SMALL } from './page.ts'
import { syntheticRun } from './synthetic-run.ts'

async function sectionOf(
  id: string,
  entries: readonly Entry[],
  more?: Parameters<typeof report>[1],
): Promise<MarkupElement> {
  const elements = elementsOf(readMarkup(await report(entries, more)))
  return elements.find(({ name, attributes }) => name === 'section' && attributes.get('id') === id)!
}

const descriptionsOf = (element: MarkupElement): readonly string[] =>
  elementsOf(element).flatMap(({ attributes }) => attributes.get('aria-label') ?? [])

test('schedules have the lengths of the surrogate that the final evaluation uses', async () => {
  const protocol = findProtocol('sketch')!
  const lengths = async (rungs: number): Promise<string> =>
    textOf(await sectionOf('schedules', syntheticRun({ ...SMALL, rungs }), { protocol }))
  const last = protocol.ladder.at(-1)!.surrogate.totalSteps
  expect(last).not.toBe(protocol.evolution.totalSteps)
  expect(await lengths(1)).toContain(`length of ${last} steps`)
  expect(await lengths(0)).toContain(`length of ${protocol.evolution.totalSteps} steps`)
})

describe('the figure of fitness over time', () => {
  const figureOf = async (rungs: number): Promise<MarkupElement> => {
    const section = await sectionOf('progress', syntheticRun({ ...SMALL, rungs }))
    return elementsOf(section).find(({ name }) => name === 'figure')!
  }

  test('has the baselines as lines where they were judged like the particles', async () => {
    const figure = await figureOf(0)
    expect(descriptionsOf(figure)).toHaveLength(1)
    for (const name of SMALL.baselines) expect(textOf(figure)).toContain(name)
    expect(textOf(figure)).toContain('Dashed lines are the baselines')
  })

  test('has the final evaluation in a panel of its own where it was on another surrogate', async () => {
    const figure = await figureOf(1)
    expect(descriptionsOf(figure)).toEqual([
      'validation accuracy of all particles over time',
      'test accuracy of the finalists and the baselines',
    ])
    for (const name of ['best-1', 'best-2', ...SMALL.baselines])
      expect(textOf(figure)).toContain(name)
    expect(textOf(figure)).not.toContain('Dashed lines are the baselines')
  })
})

test('every kind of mutation and every reason is there with its words, and an unknown one without', async () => {
  const reasons = [
    ...failureWords().keys(),
    ...['does-not-check', 'integrity', 'known', 'from-another-version'],
    ...FILTERS.map(({ name }) => rejectionBy(name)),
  ]
  const kinds = [...kindWords().keys(), 'of-another-version']
  const rejections = reasons.flatMap((reason) =>
    kinds.map((mutation) => ({ mutation, reason, count: 1 })),
  )
  const entries = syntheticRun(SMALL).map((entry) =>
    entry.kind === 'work' ? { ...entry, rejections } : entry,
  )
  const cells = elementsOf(await sectionOf('rejections', entries))
    .filter(({ name }) => name === 'td')
    .map(textOf)
  const withWords = (name: string, words: string | undefined): string =>
    words === undefined ? name : `${name} ${words}`
  for (const reason of reasons) expect(cells).toContain(withWords(reason, rejectionWords(reason)))
  for (const kind of kinds) expect(cells).toContain(withWords(kind, kindWords().get(kind)))
  expect(reasons.filter((reason) => rejectionWords(reason) === undefined)).toEqual([
    'from-another-version',
  ])
})

test('failures that differ in their numbers are one reason, and a number that they share stays', async () => {
  const reasons = [
    ...[3, 41].map((step) => `diverged at step ${step} with a loss of 1e+30`),
    ...[1, 2].map(() => 'no learning rate reached a training accuracy of 0.25'),
  ]
  let index = 0
  const entries = syntheticRun(SMALL).map((entry) =>
    entry.kind === 'work'
      ? {
          ...entry,
          attempts: entry.attempts.map((attempt) => {
            const failure = reasons[index++]
            const { score, ...rest } = attempt.fitness
            return {
              ...attempt,
              fitness:
                failure !== undefined
                  ? { ...rest, failure }
                  : { ...rest, ...(score !== undefined && { score }) },
            }
          }),
        }
      : entry,
  )
  const cells = elementsOf(await sectionOf('rejections', entries))
    .filter(({ name }) => name === 'td')
    .map(textOf)
  expect(cells).toContain('diverged at step 3 to 41 with a loss of 1e+30')
  expect(cells).toContain('no learning rate reached a training accuracy of 0.25')
})

test('cells of the wide tables know their headings, for pages without room for a head', async () => {
  const section = await sectionOf('table', syntheticRun(SMALL))
  const table = elementsOf(section).find(({ name }) => name === 'table')!
  const heads = elementsOf(table).filter(({ name }) => name === 'th')
  const rows = elementsOf(table)
    .filter(({ name }) => name === 'tr')
    .slice(1)
  expect(rows.length).toBeGreaterThan(3)
  for (const row of rows) {
    const titles = elementsOf(row)
      .filter(({ name }) => name === 'td')
      .map(({ attributes }) => attributes.get('data-title'))
    expect(titles).toEqual(heads.map(textOf))
  }
})
