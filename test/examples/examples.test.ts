import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/compile.ts'
import { format } from '../../src/syntax/print.ts'
import { readProtocol } from '../../src/tasks/protocol-file.ts'
import { findProtocol } from '../../src/tasks/protocol.ts'
import { descend } from '../stdlib/descend.ts'
import { compileFile, loader, optFiles, source } from '../stdlib/library.ts'

const examples = [
  ...optFiles('examples'),
  ...optFiles('examples/recipes').map((name) => `recipes/${name}`),
]

describe.each(examples)('examples/%s.opt', (name) => {
  const file = source(`examples/${name}.opt`)
  const { diagnostics } = analyze(file, loader)

  it('checks without an error or a warning', () => {
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([])
  })

  it('is formatted', () => {
    expect(format(file).value).toBe(file.text)
  })

  // What takes means out of a matrix of gradients does not go downhill along them.
  const shapes = name === 'recipes/centralized-sgd' ? [[12]] : [[12], [3, 4]]

  it.each(shapes.map((shape) => [shape]))('goes downhill with weights of shape %j', (shape) => {
    const [program] = compileFile(`examples/${name}.opt`).programs
    const path = descend(program!, {
      start: Array.from({ length: 12 }, () => 1),
      gradient: (w) => Array.from(w, (value, index) => value * (1 + index / 12)),
      totalSteps: 60,
      shape,
      hyperparameters: { lr: 0.01 },
    })
    for (const value of path.at(-1)!) {
      expect(value).toBeLessThan(1)
      expect(value).toBeGreaterThan(-1)
    }
  })
})

it('examples/protocol.json is the protocol sketch under another name', () => {
  const text = readFileSync(join(import.meta.dirname, '../../examples/protocol.json'), 'utf8')
  const { name: _name, summary: _summary, ...sketch } = findProtocol('sketch')!
  expect(readProtocol(text)).toMatchObject({ ok: true, value: sketch })
})
