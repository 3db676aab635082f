import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { begunRun } from '../../src/hosts/cli/evolving/begun-run.ts'
import { resumeRunFolder } from '../../src/hosts/cli/evolving/run-folder.ts'
import { isFailure } from '../../src/hosts/cli/failure.ts'
import { packageVersion } from '../../src/hosts/cli/package.ts'
import { createSources } from '../../src/hosts/cli/sources.ts'
import { writeEntry, type Entry } from '../../src/evolve/journal.ts'
import { createRandom, rootKey, type Random } from '../../src/operators/random.ts'
import { run } from '../evolve/made-up-search.ts'
import { createSession } from './session.ts'
import { validConfiguration } from './valid-configuration.ts'

/** How many damages are tried in each file. */
const COUNT = 150
/** Reports take their time. */
const DESCRIBED = 4

let entries: readonly Entry[]
let journal: string
let evaluations: string
beforeAll(async () => {
  ;({ entries } = await run())
  const first: Entry = {
    ...{ kind: 'run', version: packageVersion(), configuration: { ...validConfiguration } },
  }
  journal = [first, ...entries].map(writeEntry).join('')
  evaluations = entries
    .flatMap((entry) => (entry.kind === 'work' ? entry.attempts : []))
    .map(({ fitness }, index) => JSON.stringify({ key: `key ${index}`, minutes: index, fitness }))
    .map((line) => `${line}\n`)
    .join('')
})

let root: string
let location: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'optc-damage-'))
  location = join(root, 'run')
  mkdirSync(location)
})
afterEach(() => rmSync(root, { recursive: true }))

type Damage = (text: string, random: Random) => string

/** A JSON value with one of its parts, however deep, changed or left out. */
function damagedValue(value: unknown, random: Random): unknown {
  const values = [null, true, -1, 1e99, '', 'text', [], {}, [[]]]
  if (typeof value !== 'object' || value === null || random.chance(0.1)) return random.pick(values)
  const keys = Object.keys(value)
  if (keys.length === 0) return random.pick(values)
  const key = random.pick(keys)
  if (Array.isArray(value))
    return value.map((item, index) =>
      String(index) === key ? damagedValue(item, random) : (item as unknown),
    )
  const { [key]: inner, ...rest } = value as Record<string, unknown>
  return random.chance(0.3) ? rest : { ...value, [key]: damagedValue(inner, random) }
}

const DAMAGES: Readonly<Record<string, Damage>> = {
  'a byte is another': (text, random) => {
    const bytes = Buffer.from(text)
    bytes[random.integer(bytes.length)]! ^= 1 << random.integer(8)
    return bytes.toString('latin1')
  },
  'the end is gone': (text, random) => text.slice(0, random.integer(text.length)),
  'a piece is gone': (text, random) => {
    const start = random.integer(text.length)
    return text.slice(0, start) + text.slice(start + random.integer(200))
  },
  'a line is elsewhere': (text, random) => {
    const lines = text.split('\n')
    const [line = ''] = lines.splice(random.integer(lines.length), 1)
    lines.splice(random.integer(lines.length), 0, line)
    return lines.join('\n')
  },
  'a field is another': (text, random) => {
    const lines = text.trimEnd().split('\n')
    const index = random.integer(lines.length)
    lines[index] = JSON.stringify(damagedValue(JSON.parse(lines[index]!), random))
    return `${lines.join('\n')}\n`
  },
}

/** Names a file or the run, says what to do or that nothing was done, and shows no inside of the program. */
function expectTold(error: unknown): void {
  if (!isFailure(error)) throw error
  expect(error.message).toMatch(/\brun\b/)
  expect(`${error.message}${error.help}`).not.toMatch(/std\/|undefined|\[object|at .*:\d+\)/)
  expect(error.help).toBeDefined()
}

test.each(Object.keys(DAMAGES))('a journal in which %s is told or goes on', (name) => {
  const random = createRandom(rootKey(Object.keys(DAMAGES).indexOf(name)))
  const sources = createSources(root)
  for (let count = 0; count < COUNT; count++) {
    const damaged = DAMAGES[name]!(journal, random)
    const path = join(location, 'journal.jsonl')
    writeFileSync(path, damaged)
    try {
      begunRun(location, 'run', sources)
      resumeRunFolder(location, 'run', packageVersion()).close()
    } catch (error) {
      expectTold(error)
      expect(readFileSync(path, 'utf8')).toBe(damaged)
    }
  }
})

test.each(Object.keys(DAMAGES))('evaluations in which %s are told or go on', (name) => {
  const random = createRandom(rootKey(100 + Object.keys(DAMAGES).indexOf(name)))
  writeFileSync(join(location, 'journal.jsonl'), journal)
  for (let count = 0; count < COUNT; count++) {
    writeFileSync(join(location, 'evaluations.jsonl'), DAMAGES[name]!(evaluations, random))
    try {
      resumeRunFolder(location, 'run', packageVersion()).close()
    } catch (error) {
      expectTold(error)
      expect((error as Error).message).toMatch(/^run\/evaluations\.jsonl is damaged: line \d+ /)
    }
  }
})

test.each(Object.keys(DAMAGES))(
  'a report of a journal in which %s is told or made',
  async (name) => {
    const random = createRandom(rootKey(200 + Object.keys(DAMAGES).indexOf(name)))
    for (let count = 0; count < DESCRIBED; count++) {
      const session = createSession({ 'run/journal.jsonl': DAMAGES[name]!(journal, random) })
      const { exitCode, stderr } = await session.run('report run')
      expect({ exitCode, stderr }).toEqual({
        exitCode: expect.toBeOneOf([0, 1]) as number,
        stderr: expect.not.stringMatching(/optc itself|\n {4}at /) as string,
      })
    }
  },
)
