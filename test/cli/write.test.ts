import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeFile } from '../../src/hosts/cli/write.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'optc-write-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)

describe('a file that is written', () => {
  test('is there with its folders, or has its content replaced and its mode kept', () => {
    writeFile(at('a/b/c.txt'), 'first', 'c.txt')
    expect(readFileSync(at('a/b/c.txt'), 'utf8')).toBe('first')
    execFileSync('chmod', ['640', at('a/b/c.txt')])
    writeFile(at('a/b/c.txt'), 'second', 'c.txt')
    expect(readFileSync(at('a/b/c.txt'), 'utf8')).toBe('second')
    expect(statSync(at('a/b/c.txt')).mode & 0o777).toBe(0o640)
    expect(readdirSync(at('a/b'))).toEqual(['c.txt'])
  })

  test('may be behind a link, which stays one', () => {
    writeFileSync(at('real.txt'), 'first')
    symlinkSync(at('real.txt'), at('link.txt'))
    writeFile(at('link.txt'), 'second', 'link.txt')
    expect(readFileSync(at('real.txt'), 'utf8')).toBe('second')
    expect(readdirSync(folder).sort()).toEqual(['link.txt', 'real.txt'])
  })
})

describe('a file that cannot be written', () => {
  test('is told with what helps, and nothing is left behind', () => {
    mkdirSync(at('taken'))
    expect(() => writeFile(at('taken'), 'text', 'taken', 'choose another')).toThrow(
      expect.objectContaining({
        message: 'cannot write taken: it is a folder',
        help: 'choose another',
      }),
    )
    expect(readdirSync(folder)).toEqual(['taken'])
  })

  // The device takes no byte, as a full disk.
  test.skipIf(!existsSync('/dev/full'))('for want of room is told, and a device stays one', () => {
    symlinkSync('/dev/full', at('full.txt'))
    expect(() => writeFile(at('full.txt'), 'text', 'full.txt')).toThrow(
      'cannot write full.txt: the disk is full',
    )
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true)
    expect(readdirSync(folder)).toEqual(['full.txt'])
  })

  test('leaves no piece of itself when there was room for only a part', () => {
    // The shell's limit on the size of files, in blocks of 512 or 1024 bytes, stands for a disk that is nearly full.
    const script = join(import.meta.dirname, '../../src/hosts/cli/write.ts')
    const code = `
      process.on('SIGXFSZ', () => undefined)
      const { writeFile } = await import(${JSON.stringify(script)})
      for (const name of ['new.txt', 'old.txt'])
        try {
          writeFile(${JSON.stringify(folder)} + '/' + name, 'x'.repeat(100000), name)
        } catch (error) { console.log(error.message) }
    `
    writeFileSync(at('old.txt'), 'as it was')
    const bundled = at('run.mjs')
    execFileSync(
      join(import.meta.dirname, '../../node_modules/.bin/esbuild'),
      [
        ...[
          '--bundle',
          '--platform=node',
          '--format=esm',
          `--outfile=${bundled}`,
          '--log-level=error',
        ],
        ...[
          '--banner:js=import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
        ],
      ],
      { input: code, cwd: join(import.meta.dirname, '../..') },
    )
    const said = execFileSync('sh', ['-c', `ulimit -f 16; exec '${process.execPath}' '${bundled}'`])
    expect(said.toString()).toMatch(
      /^(cannot write (new|old)\.txt: it would be larger than files may be here\n){2}$/,
    )
    expect(readdirSync(folder).sort()).toEqual(['old.txt', 'run.mjs'])
    expect(readFileSync(at('old.txt'), 'utf8')).toBe('as it was')
  })
})
