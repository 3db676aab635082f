import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const hasNeovim = spawnSync('nvim', ['--version']).status === 0
if (!hasNeovim) console.log('without Neovim (`apt install neovim`): it is not tried')

test.skipIf(!hasNeovim)(
  'the built server in Neovim: problems, a fix, hover, renaming, formatting',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'optc-neovim-'))
    try {
      const [file, out] = [join(folder, 'rule.opt'), join(folder, 'answers.json')]
      writeFileSync(file, 'let rate=2\nupdate = lr * rat * g\n')
      execFileSync(
        'nvim',
        ['--headless', '-u', 'NONE', '-c', `luafile ${resolve('test/lsp/neovim.lua')}`],
        {
          env: {
            ...process.env,
            OPTC_SERVER: resolve('dist/optc.cjs'),
            OPTC_FILE: file,
            OPTC_OUT: out,
          },
          timeout: 120_000,
          stdio: 'ignore',
        },
      )
      const answers: unknown = JSON.parse(readFileSync(out, 'utf8'))
      expect(answers).toMatchObject({
        diagnostics: expect.arrayContaining(['unknown-name']) as string[],
        fixed: ['let rate=2', 'update = lr * rate * g'],
        left: 0,
        hover: expect.stringContaining('lr in (0, inf) = 0.001') as string,
        text: ['let speed = 2', 'update = lr * speed * g'],
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
