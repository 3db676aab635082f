import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { readJournal, type Entry, type EntryOf } from '../../src/evolve/journal.ts'
import { elementsOf, readMarkup, textOf, type MarkupElement } from './markup.ts'
import { leadOf, report, SMALL } from './page.ts'
import { syntheticRun } from './synthetic-run.ts'

const sectionsOf = (page: string): readonly string[] =>
  elementsOf(readMarkup(page)).flatMap(({ name, attributes }) =>
    name === 'section' ? [attributes.get('id')!] : [],
  )

const ALL = [
  'table',
  'rules',
  'progress',
  'family',
  'schedules',
  'ablations',
  'correlations',
  'rejections',
  'configuration',
]

let entries: readonly Entry[]
let page: string
let elements: readonly MarkupElement[]

beforeAll(async () => {
  entries = syntheticRun({ ...SMALL, particles: 6, initial: 24, timesteps: 3 })
  page = await report(entries)
  elements = elementsOf(readMarkup(page))
})

test('a whole run has every section, once and in order', () => {
  expect(sectionsOf(page)).toEqual(ALL)
  expect(
    elements.filter(({ name }) => name === 'nav').flatMap(({ children }) => children),
  ).toHaveLength(ALL.length)
})

test('equal journals give equal pages', async () => {
  expect(await report(structuredClone([...entries]))).toBe(page)
})

test('the page needs nothing from elsewhere and runs nothing', () => {
  const targets = elements.flatMap(({ attributes }) =>
    ['href', 'src', 'xlink:href'].flatMap((key) => attributes.get(key) ?? []),
  )
  expect(targets.filter((target) => !target.startsWith('#'))).toEqual([
    'https://arxiv.org/abs/2404.06679',
  ])
  expect(elements.map(({ name }) => name)).not.toContain('script')
  expect(elements.map(({ name }) => name)).not.toContain('link')
  expect(page).not.toMatch(/@import|url\((?!#)|\son\w+=/)
})

test('every link leads somewhere, and no name is used twice', () => {
  const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? [])
  expect(new Set(ids).size).toBe(ids.length)
  const clips = [...page.matchAll(/url\(#([^)]*)\)/g)].map(([, id]) => id!)
  const links = elements.flatMap(({ attributes }) => {
    const target = attributes.get('href')
    return target?.startsWith('#') === true ? [target.slice(1)] : []
  })
  expect(clips.length).toBeGreaterThan(0)
  for (const target of [...clips, ...links]) expect(ids).toContain(target)
})

test('drawings say what they are and hold only numbers', () => {
  const drawings = elements.filter(({ name }) => name === 'svg')
  // The table, all particles, six of them, the family, schedules of two, ablations of two, five correlations.
  expect(drawings.length).toBeGreaterThanOrEqual(14)
  for (const drawing of drawings) {
    expect(drawing.attributes.get('aria-label')).toMatch(/\w/)
    for (const { attributes } of elementsOf(drawing))
      for (const value of attributes.values()) expect(value).not.toMatch(/NaN|Infinity|undefined/)
  }
})

test('formulas are presentation MathML with as many children as each element takes', () => {
  const counts: Readonly<Record<string, number>> = {
    mfrac: 2,
    msup: 2,
    msub: 2,
    msubsup: 3,
    mover: 2,
  }
  const known = [
    ...Object.keys(counts),
    ...['math', 'mrow', 'mi', 'mn', 'mo', 'mtext', 'mspace', 'msqrt', 'mtable', 'mtr', 'mtd'],
  ]
  const formulas = elements.filter(({ name }) => name === 'math')
  expect(formulas.length).toBeGreaterThan(10)
  for (const { name, children } of formulas.flatMap((formula) => elementsOf(formula))) {
    expect(known).toContain(name)
    if (counts[name] !== undefined) expect(children).toHaveLength(counts[name])
  }
})

test('each finalist is there as formula, program and TypeScript', () => {
  const articles = elements.filter(({ name }) => name === 'article')
  expect(articles.map(({ attributes }) => attributes.get('id'))).toEqual(['best-1', 'best-2'])
  for (const article of articles) {
    const text = textOf(article)
    expect(text).toMatch(/optimizer Best\d\(/)
    expect(text).toContain('export class Best')
    expect(text).toContain('←')
  }
})

test('the family begins with a first rule, and each step is named by its mutation', () => {
  const steps = elements
    .filter(({ attributes }) => attributes.get('class') === 'mutation')
    .map(textOf)
  const [winner] = entries.filter((entry): entry is EntryOf<'final'> => entry.kind === 'final')
  const works = new Map(
    entries.flatMap((entry) => (entry.kind === 'work' ? [[entry.slot, entry] as const] : [])),
  )
  const expected: string[] = []
  for (let work = works.get(winner!.of!); work !== undefined; work = works.get(work.parent ?? ''))
    expected.unshift(work.attempts.at(-1)!.mutation ?? 'drawn')
  expect(expected.length).toBeGreaterThan(1)
  expect(steps).toEqual(expected)
})

test('with statistics of filters there is a table of them', async () => {
  const filters = [
    {
      name: 'both-signs',
      failuresRemoved: { count: 9, share: 0.45 },
      goodLost: { count: 0, share: undefined },
      evaluationsSaved: { count: 9, share: 0.1 },
    },
  ]
  const filtered = await report(syntheticRun(SMALL), { filters })
  expect(sectionsOf(filtered)).toContain('filters')
  expect(textOf(readMarkup(filtered))).toContain('9 (45.0 %)')
})

describe('other runs', () => {
  test('published selection is called what it is', async () => {
    const published = await report(syntheticRun({ ...SMALL, selection: { kind: 'published' } }))
    expect(published).toContain('published: the best child, always')
    expect(published).toContain('Every selection rests on one seed')
    expect(page).toContain('racing: 2 children and their parent')
    expect(page).not.toContain('Every selection rests on one seed')
  })

  test('one cut off anywhere is reported as far as it got, and says so', async () => {
    const whole = syntheticRun(SMALL)
    const finals = whole.findIndex(({ kind }) => kind === 'final')
    for (const length of [1, 2, 9, 12, 16, 22, finals - 1, finals + 1]) {
      const cut = await report(whole.slice(0, length))
      expect(cut).toContain('This search has not ended')
      expect(sectionsOf(cut)).toContain('configuration')
    }
    expect(await report(whole)).not.toContain('This search has not ended')
  })

  test('without finalists the best rules so far are shown', async () => {
    const whole = syntheticRun(SMALL)
    const cut = await report(
      whole.filter(({ kind }) => ['run', 'work', 'enter', 'select'].includes(kind)),
    )
    expect(sectionsOf(cut)).toEqual(
      expect.arrayContaining(['rules', 'progress', 'family', 'schedules', 'rejections']),
    )
    expect(leadOf(cut)).toContain('has not been compared with tuned optimizers on fresh seeds')
  })

  test('one in which nothing passed has no best rules', async () => {
    const hopeless = await report(
      syntheticRun({ ...SMALL, hopeless: true, rungs: 0, baselines: [] }),
    )
    expect(leadOf(hopeless)).toBe('No rule has passed the training: there was nothing to evolve.')
    expect(sectionsOf(hopeless)).toEqual(['rejections', 'configuration'])
    expect(hopeless).not.toContain('This search has not ended')
  })

  test('a journal of the configuration alone', async () => {
    const empty = await report(entries.slice(0, 1))
    expect(leadOf(empty)).toBe('No rule has been trained yet.')
    expect(sectionsOf(empty)).toEqual(['configuration'])
  })

  test('texts of the journal are texts in the page', async () => {
    const evil = '<img src=x onerror=alert(1)>&"\u0000'
    const [first, ...rest] = syntheticRun(SMALL)
    const poisoned = rest.map((entry): Entry => {
      if (entry.kind === 'ablation') return { ...entry, removed: evil }
      if (entry.kind !== 'work') return entry
      return { ...entry, rejections: [{ reason: evil, mutation: evil, count: 2 }] }
    })
    const run = first as EntryOf<'run'>
    const configuration = { ...run.configuration, task: evil, given: [evil], space: "it's" }
    const poisonedPage = await report([{ ...run, configuration }, ...poisoned])
    expect(elementsOf(readMarkup(poisonedPage)).map(({ name }) => name)).not.toContain('img')
    expect(poisonedPage).toContain(`--space 'it'\\''s'`)
  })

  test('rules that do not compile any more are said to', async () => {
    const broken = syntheticRun(SMALL).map((entry): Entry =>
      entry.kind === 'final' ? { ...entry, rule: 'update = lr * no_such_thing(g)\n' } : entry,
    )
    expect(await report(broken)).toContain('does not compile with this version of optc')
  })
})

test('a small page is as it was', async () => {
  const journal = readJournal(
    readFileSync(new URL('fixtures/small-run.jsonl', import.meta.url), 'utf8'),
  )
  await expect(await report(journal.entries)).toMatchFileSnapshot('golden/small-run.html')
})
