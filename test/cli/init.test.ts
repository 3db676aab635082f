import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands } from '../../src/hosts/cli/command-table.ts'
import { createSession } from './session.ts'

const RULE = 'update = lr * sign(g) * decay_cosine(t)\n'

describe('init', () => {
  it('makes a project that checks, is formatted, and compiles', async () => {
    const session = createSession()
    const made = await session.run('init My Project'.split(' ', 1).concat('My Project'))
    expect(made.exitCode).toBe(0)
    expect(made.stdout.trimEnd().split('\n').sort()).toEqual(
      readdirSync(join(session.folder, 'My Project'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(session.folder, join(entry.parentPath, entry.name)))
        .sort(),
    )
    expect(JSON.parse(session.read('My Project/package.json'))).toMatchObject({
      name: 'my-project',
      type: 'module',
    })
    // What commands leave behind where they are run: runs, and decoded images.
    expect(session.read('My Project/.gitignore').split('\n')).toContain('.optc-cache/')
    expect((await session.run('check --max-warnings 0')).exitCode).toBe(0)
    expect((await session.run('fmt --check')).exitCode).toBe(0)
    expect((await session.run(['compile', 'My Project', '--out', 'dist'])).exitCode).toBe(0)
    const { scripts } = JSON.parse(session.read('My Project/package.json')) as {
      scripts: Record<string, string>
    }
    const called = Object.values(scripts).flatMap((line) => /\boptc (\w+)/.exec(line)?.[1] ?? [])
    expect(called).toHaveLength(4)
    for (const name of called) expect(commands.map((row) => row.name)).toContain(name)
  })

  it('leaves files of a project as they are, and brings back missing ones', async () => {
    const session = createSession()
    await session.run('init')
    session.write({ 'rule.opt': RULE, 'schedule.opt': RULE })
    await session.run('init')
    expect(session.read('rule.opt')).toBe(RULE)
    expect((await session.run('init')).stderr).toContain('lacks nothing')
  })

  it('refuses a folder with something else in it', async () => {
    const session = createSession({ 'thesis.tex': 'x', file: '' })
    expect(await session.run('init')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('not empty'),
    })
    expect(await session.run('init file')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('is a file'),
    })
    expect(existsSync(join(session.folder, 'package.json'))).toBe(false)
  })
})
