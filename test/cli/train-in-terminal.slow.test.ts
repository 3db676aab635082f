import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createScreen } from './screen.ts'
import { createSession } from './session.ts'

const PROGRAM = join(import.meta.dirname, '../../dist/optc.cjs')
const TERMINAL = join(import.meta.dirname, 'terminal.py')
const PYTHON = process.env['OPTC_PYTHON'] ?? 'python3'

const canRun = spawnSync(PYTHON, ['-c', 'import pty']).status === 0
if (!canRun) console.warn(`${PYTHON} has no pty: nothing is tried in a terminal`)

type Act = readonly [text: string, act: 'resize' | 'interrupt', ...size: readonly number[]]

/** What the built program writes in a terminal of 100 columns and 30 rows, and how it ends. */
function inTerminal(
  line: string,
  acts: readonly Act[] = [],
): { readonly text: string; readonly exitCode: number } {
  const { folder } = createSession()
  const { stdout, stderr } = spawnSync(
    PYTHON,
    [TERMINAL, '30', '100', JSON.stringify(acts), process.execPath, PROGRAM, ...line.split(' ')],
    { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, TERM: 'xterm' } },
  )
  if (stdout === '') throw new Error(stderr)
  const { text, exitCode } = JSON.parse(stdout) as { text: string; exitCode: number }
  // The terminal puts a carriage return in front of each line feed.
  return { text: text.replaceAll('\r\n', '\n'), exitCode }
}

function shown(text: string, columns = 100): readonly string[] {
  const screen = createScreen(columns)
  screen.write(text)
  return screen.text().split('\n')
}

const LINE = 'train std/adam std/lion --task digits8-mlp --lr default --seeds 2 --watch'

describe.skipIf(!canRun)('optc train --watch in a terminal', () => {
  it('draws, and leaves what it logged and the result', () => {
    const { text, exitCode } = inTerminal(LINE)
    expect(exitCode).toBe(0)
    const frames = text.split('training on digits8-mlp').length - 1
    expect(frames).toBeGreaterThan(3)
    const lines = shown(text)
    expect(lines.filter((line) => line.includes('training on digits8-mlp'))).toEqual([])
    expect(lines.slice(0, 7)).toEqual([
      'Adam: lr 0.001',
      'Lion: lr 0.0001',
      expect.stringMatching(/^Adam, seed 1: accuracy/),
      expect.stringMatching(/^Lion, seed 1: accuracy/),
      expect.stringMatching(/^Adam, seed 2: accuracy/),
      expect.stringMatching(/^Lion, seed 2: accuracy/),
      expect.stringMatching(/^Adam, Lion on digits8-mlp/),
    ])
    expect(text).not.toContain('\u001b[?25l')
  })

  it('leaves the curves and a whole terminal on Ctrl-C', () => {
    const { text, exitCode } = inTerminal(LINE.replace('digits8-mlp', 'fashion14-cnn'), [
      ['━━', 'interrupt'],
    ])
    expect(exitCode).toBe(130)
    expect(text).not.toContain('\u001b[?')
    const lines = shown(text.replaceAll('^C', ''))
    expect(lines.filter((line) => line === 'training on fashion14-cnn').length).toBe(1)
    expect(lines.findIndex((line) => line.startsWith('interrupted'))).toBeGreaterThan(
      lines.findIndex((line) => line.includes('━━ Adam')),
    )
  })

  it('keeps to a terminal that becomes narrower', () => {
    const { text, exitCode } = inTerminal(LINE, [['━━', 'resize', 20, 60]])
    expect(exitCode).toBe(0)
    const frames = text
      .split(/\r\u001b\[\d+A/)
      .map((frame) => stripVTControlCharacters(frame).split('\n'))
      .filter(([first]) => first === 'training on digits8-mlp')
    const widest = frames.map((lines) => Math.max(...lines.map((line) => line.length)))
    const narrow = widest.findIndex((width) => width < 60)
    expect(narrow).toBeGreaterThan(0)
    expect(Math.max(...widest.slice(0, narrow))).toBeGreaterThan(80)
    expect(Math.max(...widest.slice(narrow))).toBeLessThan(60)
  })
})
