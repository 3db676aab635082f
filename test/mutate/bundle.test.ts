import { expect, test } from 'vitest'
import { compileModule } from '../../src/compile.ts'
import { fingerprint } from '../../src/ir/fingerprint.ts'
import { bundle } from '../../src/mutate/bundle.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { print } from '../../src/syntax/print.ts'
import { createLoader } from '../check/check-text.ts'
import { loader, optFiles, source } from '../stdlib/library.ts'
import { printingFault, programOf } from './published.ts'

const files = {
  './near.opt':
    'import { half, twice } from "./far.opt"\nimport { v_hat } from "std/published"\nfn scale(x) = half(x) + v_hat()\nfn helper(x) = twice(x)\noptimizer Unused(lr in (0, inf) = 1) {\nupdate = lr * g\n}\n',
  './far.opt':
    'import { v_hat as mean } from "std/published"\nfn half(x) = 0.5 * x\nfn twice(x) = half(x) + helper(x) + mean()\nfn helper(x) = tanh(x)\n',
}

const text =
  'import { helper as outer, scale } from "./near.opt"\nimport { s_hat } from "std/published"\nfn helper(x) = sigmoid(x)\noptimizer Main(lr in (0, inf) = 1) {\nlet half = g\nupdate = lr * (outer(half) + helper(scale(s_hat())))\n}\n'

test('a bundle means the same wherever it stands', () => {
  const near = createLoader(files)
  const module: Module = parse({ path: 'main.opt', text }).value
  const alone = bundle(module, near)
  expect(print(alone)).not.toContain('"./')
  expect(print(alone)).not.toContain('Unused')
  expect(printingFault(alone)).toBeUndefined()
  const elsewhere = parse({ path: 'candidate.opt', text: print(alone) }).value
  const meant = compileModule(module, near).value?.programs[0]
  expect(meant && fingerprint(meant)).toBe(fingerprint(programOf(elsewhere)))
})

test('examples are bundled whole, and files without neighbours stay as they are', () => {
  for (const name of optFiles('examples')) {
    const { value } = parse(source(`examples/${name}.opt`))
    const alone = bundle(value, loader)
    const elsewhere = parse({ path: 'candidate.opt', text: print(alone) }).value
    expect(fingerprint(programOf(elsewhere))).toBe(fingerprint(programOf(value)))
    if (name !== 'imports') expect(print(alone)).toBe(print(value))
  }
})
