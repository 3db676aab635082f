import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { commands } from '../../src/hosts/cli/command-table.ts'
import { optionName } from '../../src/hosts/cli/command.ts'
import { createSession } from './session.ts'

describe('help', () => {
  it.each(commands.map((row) => [row.name, row] as const))(
    'of %s has its options and an example',
    async (name, row) => {
      const { exitCode, stdout, stderr } = await createSession().run(`${name} --help`)
      expect(exitCode).toBe(0)
      expect(stderr).toBe('')
      expect(stdout).toContain(`Usage: optc ${name}`)
      for (const option of Object.keys(row.options)) expect(stdout).toContain(optionName(option))
      for (const [line] of row.examples) {
        expect(line).toMatch(new RegExp(`^optc ${name}\\b`))
        expect(stdout).toContain(`$ ${line}`)
      }
      expect(row.examples.length).toBeGreaterThan(0)
    },
  )

  it('lists every command', async () => {
    const { exitCode, stdout } = await createSession().run('--help')
    expect(exitCode).toBe(0)
    for (const { name, summary } of commands) {
      expect(stdout).toContain(`  ${name} `)
      expect(stdout.replace(/\s+/g, ' ')).toContain(summary)
    }
  })

  it('has the version', async () => {
    const description = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(await createSession().run('--version')).toEqual({
      exitCode: 0,
      stdout: `${description.version}\n`,
      stderr: '',
    })
  })
})

describe('an error of optc itself', () => {
  it('ends with 70 and a text to report', async () => {
    const { exitCode, stderr } = await createSession().run('--version', {
      onWrite: (text) => {
        if (/^\d+\.\d+\.\d+\n$/.test(text)) throw new RangeError('boom')
      },
    })
    expect(exitCode).toBe(70)
    expect(stderr).toMatch(
      /open an issue[^]*Node v\d+[^]*command: optc "--version"\nRangeError: boom\n {4}at /,
    )
  })
})
