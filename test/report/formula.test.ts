import { expect, test } from 'vitest'
import { readLatex } from '../../src/report/formula/latex.ts'
import { operators } from '../../src/operators/table.ts'
import { ruleFormula } from '../../src/report/formula/rule-formula.ts'
import { specialize } from '../../src/ir/specialize.ts'
import { drawSomeRule, programOf, randomOf } from '../mutate/published.ts'
import { writeFileSync } from 'node:fs'

test('x', () => {
  for (const o of operators)
    readLatex(
      o.formula,
      o.parameters.map((p) => p.name),
    )
  let h =
    '<!doctype html><meta charset="utf-8"><style>td:first-child{text-align:right} body{font-size:20px} math{font-family: "STIX Two Math","Latin Modern Math",math}</style>'
  for (let n = 0; n < 12; n++) {
    const p = programOf(drawSomeRule(randomOf('rule', n)))
    const f = ruleFormula(p, specialize(p))
    h +=
      '<hr><table>' +
      f.lines.map((l) => `<tr><td>${l.left}</td><td>${l.right}</td></tr>`).join('') +
      '</table>'
    h += '<p>' + f.symbols.map((s) => s.symbol + ' ' + s.name).join(', ')
    h +=
      '<table>' +
      f.functions
        .flatMap((x) => x.lines)
        .map((l) => `<tr><td>${l.left}</td><td>${l.right}</td></tr>`)
        .join('') +
      '</table>'
  }
  writeFileSync('/tmp/rs/f.html', h)
  expect(1).toBe(1)
})
