import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { commands } from '../../src/hosts/cli/command-table.ts'
import { SHELLS } from '../../src/hosts/cli/completion/shells.ts'
import { createSession } from './session.ts'

const script = async (shell: string, session = createSession()): Promise<string> => {
  const { exitCode, stdout, stderr } = await session.run(`completion ${shell}`)
  expect(exitCode).toBe(0)
  expect(stderr).toContain(`completion ${shell}`)
  return stdout
}

/** What a shell offers behind a command line; undefined where that shell is not there. */
type Ask = (script: string, words: readonly string[], cwd: string) => readonly string[]

const ASKING: Readonly<Record<string, Ask>> = {
  bash: (text, words, cwd) => {
    const line = words.map((word) => `'${word}'`).join(' ')
    const ask = `COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _optc; printf '%s\\n' "\${COMPREPLY[@]}"`
    return lines(execFileSync('bash', ['--norc', '-c', `${text}\n${ask}`], { cwd }))
  },
  fish: (text, words, cwd) =>
    lines(
      execFileSync('fish', ['--no-config', '-c', `${text}\ncomplete -C '${words.join(' ')}'`], {
        cwd,
      }),
    ).map((line) => line.split('\t')[0]!),
}

const lines = (output: Buffer): readonly string[] => String(output).split('\n').filter(Boolean)

const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0

describe.each(Object.keys(ASKING))('completion in %s', (shell) => {
  if (!isThere(shell)) return it.skip(`is not tried: ${shell} is not installed`, () => undefined)

  it('offers commands, options, values, library files and files of the folder', async () => {
    const session = createSession({ 'my rule.opt': '', 'mine.opt': '' })
    const text = await script(shell, session)
    const ask = (...words: readonly string[]): readonly string[] =>
      ASKING[shell]!(text, ['optc', ...words], session.folder)
    expect(ask('')).toEqual(expect.arrayContaining(commands.map(({ name }) => name)))
    expect(ask('co')).toEqual(expect.arrayContaining(['compile', 'completion']))
    expect(ask('train', 'std/adamw')).toEqual(['std/adamw'])
    expect(ask('train', 'min')).toEqual(['mine.opt'])
    if (shell === 'bash') expect(ask('train', 'my')).toEqual(['my rule.opt'])
    expect(ask('train', '--task', 'fashion14-m')).toContain('fashion14-mlp')
    expect(ask('compile', '--target', '')).toEqual(expect.arrayContaining(['ts', 'kernels']))
    expect(ask('check', '--max')).toEqual(['--max-warnings'])
    expect(ask('explain', 'softp')).toEqual(['softplus'])
    expect(ask('completion', 'zs')).toEqual(['zsh'])
    expect(ask('evolve', '--seed', '')).not.toContain('mine.opt')
  })
})

describe('completion', () => {
  const zsh = isThere('zsh') ? it : it.skip
  zsh(`of zsh is read by it${isThere('zsh') ? '' : ', which is not installed'}`, async () => {
    const text = `autoload -Uz compinit; compinit -D\n${await script('zsh')}\nprint $_comps[optc]`
    expect(lines(execFileSync('zsh', ['-f', '-c', text]))).toEqual(['_optc'])
  })

  it('of another shell is refused with the names of those there are', async () => {
    const { exitCode, stderr } = await createSession().run('completion tcsh')
    expect(exitCode).toBe(2)
    expect(stderr).toContain(Object.keys(SHELLS).join(', '))
  })
})
