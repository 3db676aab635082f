import { describe, expect, it } from 'vitest'
import { compile } from '../../src/compile.ts'
import { studyCommands } from '../../src/hosts/cli/study-commands.ts'
import { createOutput } from '../../src/hosts/cli/output.ts'
import { packageVersion } from '../../src/hosts/cli/package.ts'
import { createSources } from '../../src/hosts/cli/sources.ts'
import { newBaselines } from '../../src/hosts/cli/studying/baselines.ts'
import type { StudyChoices } from '../../src/hosts/cli/studying/study-options.ts'
import { libraryRules } from '../../src/hosts/cli/studying/study-rules.ts'
import type { World } from '../../src/hosts/cli/world.ts'
import { runUnits } from '../../src/hosts/cli/studying/run-units.ts'
import type { Fitness } from '../../src/evolve/fitness.ts'
import type { StudyJudge, Unit } from '../../src/study/unit.ts'
import { createSession } from './session.ts'

/** The options of `optc study` where none is given. */
const choices = Object.fromEntries(
  Object.entries(studyCommands.find(({ name }) => name === 'study')!.options).map(
    ([name, { initial }]) => [name, initial],
  ),
) as unknown as StudyChoices
const stream = { write: () => undefined, isTerminal: false, columns: undefined }
const world: World = {
  ...{ cwd: process.cwd(), env: {}, stdout: stream, stderr: stream, now: () => 0 },
  ...{ readStdin: () => Promise.resolve(new Uint8Array()), signal: new AbortController().signal },
}
const output = createOutput(world)

const fitness = (seed: number): Fitness => ({ surrogate: 'short', seed, steps: 1, score: seed })
const request = (seed: number) => ({
  ...{ source: { path: 'a.opt', text: 'update = g' }, flipped: false, surrogate: 'short', seed },
})

describe('the units of a study', () => {
  /** Each asks twice. */
  const units = Array.from({ length: 5 }, (_, index): Unit<number> => ({
    name: `unit ${index}`,
    run: async (judge) => {
      const first = await judge('task', request(2 * index))
      const second = await judge('task', request(2 * index + 1))
      return first.score! + second.score!
    },
  }))

  /** Remembers what it was asked, as the log of evaluations does. */
  const createJudge = (known = new Set<number>()) => {
    const trained: number[] = []
    const judge =
      (mayTrain: boolean): StudyJudge =>
      (_, { seed }) => {
        if (known.has(seed)) return Promise.resolve(fitness(seed))
        if (!mayTrain)
          return Promise.reject(Object.assign(new Error('over'), { name: 'StudyOver' }))
        known.add(seed)
        trained.push(seed)
        return Promise.resolve(fitness(seed))
      }
    return { judge, trained }
  }

  it('are done in their order, whatever is done at a time', async () => {
    for (const concurrency of [1, 2, 7]) {
      const told: number[] = []
      const results = await runUnits(units, {
        ...{ concurrency, mayBegin: () => true, judge: createJudge().judge },
        onDone: (done) => void told.push(done.length),
      })
      expect(results).toEqual([1, 5, 9, 13, 17])
      expect(told).toEqual([1, 2, 3, 4, 5])
    }
  })

  it('that have begun are completed when the time is used up, and those known before are there in any case', async () => {
    // The fourth was completed before, the last one half.
    const { judge, trained } = createJudge(new Set([6, 7, 8]))
    let asked = 0
    const results = await runUnits(units, {
      ...{ concurrency: 1, mayBegin: () => asked++ < 2, judge },
      onDone: () => undefined,
    })
    expect(results).toEqual([1, 5, 13])
    expect(trained).toEqual([0, 1, 2, 3])
  })

  it('end with what goes wrong', async () => {
    const work = runUnits(units, {
      ...{ concurrency: 2, mayBegin: () => true, onDone: () => undefined },
      judge: () => () => Promise.reject(new Error('the disk is full')),
    })
    await expect(work).rejects.toThrow('the disk is full')
  })
})

describe('the optimizers of the library', () => {
  const sources = createSources('.')
  const rules = libraryRules(sources, new Set(['std/adam']))
  const names = rules.map(({ name }) => name)

  it('are the files that have one, each a program of its own', () => {
    for (const name of ['sgd', 'lion', 'muon', 'opt6', 'opt4_1']) expect(names).toContain(name)
    for (const name of ['adam', 'wrappers', 'schedules', 'lr1', 'trust', 'modern'])
      expect(names).not.toContain(name)
    for (const { name, text } of rules)
      expect(compile({ path: 'a.opt', text }, sources.loader).value?.programs, name).toHaveLength(1)
  })

  it('are compared with the released ones without variants of these', async () => {
    const { rules: compared } = (await newBaselines([], choices, world, sources, output))!
    const published = compared.filter(({ isPublished }) => isPublished).map(({ name }) => name)
    expect(published.sort()).toEqual(
      Array.from({ length: 10 }, (_, index) => `opt${index + 1}`).sort(),
    )
    const others = compared.filter(({ isPublished }) => !isPublished).map(({ name }) => name)
    expect(others.filter((name) => /^(opt\d|a\d$)/.test(name))).toEqual([])
    expect(others).toContain('adam')
  })
})

describe('optc study and optc replicate', () => {
  const refused = async (line: string): Promise<string> => {
    const { exitCode, stderr } = await session.run(line)
    expect(exitCode, line).toBeGreaterThan(0)
    return stderr
  }
  const configuration = { tasks: [], scale: 1, protocol: {}, seed: 1 }
  const study = (what: string, more: object = {}) =>
    JSON.stringify({ optc: 'study', what, version: packageVersion(), configuration, ...more })
  const session = { run: (line: string) => createSession(files).run(line) }
  const files = {
    'full/note.txt': 'mine',
    'begun/study.json': study('surrogate'),
    'older/study.json': study('surrogate', { version: '0.0.1' }),
    'torn/study.json': '{"optc": "study"',
    'other/study.json': study('replicate'),
  }

  it('say which studies there are', async () => {
    expect(await refused('study')).toContain('there is surrogate, integrity, baselines')
    expect(await refused('study surogate')).toContain('did you mean surrogate?')
  })

  it('refuse what makes no study', async () => {
    expect(await refused('replicate --budget 500steps')).toContain('a time')
    expect(await refused('replicate --task nothing')).toContain('there is no task nothing')
    expect(await refused('study surrogate --surrogates fashion14-mlp')).toContain('needs two')
    expect(await refused('study surrogate --surrogates quadratic,quadratic:short')).toContain(
      '--surrogates has quadratic:short twice',
    )
    expect(await refused('study surrogate --filters signs')).toContain(
      'optc study surrogate has no --filters',
    )
    expect(await refused('study integrity std/adam')).toContain('random rules')
    expect(await refused('study integrity --filters sings')).toContain('there is no filter sings')
    expect(await refused('study baselines --against nothing')).toContain('has no std/nothing')
    expect(await refused('study baselines std/wrappers')).toContain('std/wrappers has no optimizer')
  })

  it('go on with nothing but what they began, as it was begun', async () => {
    expect(await refused('study --resume nowhere')).toContain('no study that this command began')
    expect(await refused('study --resume full')).toContain('no study that this command began')
    expect(await refused('study --resume other')).toContain('no study that this command began')
    expect(await refused('replicate --resume begun')).toContain('no study that this command began')
    expect(await refused('study --resume torn')).toContain('torn/study.json is damaged')
    expect(await refused('study --resume older')).toContain('begun with optc 0.0.1')
    expect(await refused('study --resume begun')).toContain('begun/study.json is damaged: tasks')
    expect(await refused('study integrity --resume begun')).toContain('not of integrity')
    expect(await refused('study --resume begun --seed 2')).toContain('leave --seed out')
    expect(await refused('study surrogate std/adam --resume begun')).toContain('leave std/adam out')
  })
})
