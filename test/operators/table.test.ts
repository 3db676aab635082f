import { expect, test } from 'vitest'
import { preludeNames } from '../../src/emit/ts-prelude-text.ts'
import type { Form } from '../../src/operators/operator.ts'
import { findOperator, operators } from '../../src/operators/table.ts'

const forms = operators.flatMap((row) => {
  const { scalar, tensor, byNumbers, byConstants } = row.spellings.ts
  const all = [scalar, tensor, byNumbers, byConstants].filter((form) => form !== undefined)
  return all.map(
    (form): { readonly name: string; readonly arity: number; readonly form: Form } => ({
      name: row.name,
      arity: row.parameters.length,
      form,
    }),
  )
})

test('names are unique, and every callable name means one row for a number of arguments', () => {
  expect(new Set(operators.map(({ name }) => name)).size).toBe(operators.length)
  for (const row of operators) {
    if (row.fixity === undefined)
      expect(findOperator(row.callName ?? row.name, row.parameters.length)).toBe(row)
  }
  expect(findOperator('clip', 2)?.name).toBe('clip')
  expect(findOperator('clip', 3)?.name).toBe('clip_between')
  expect(findOperator('clip', 4)).toBeUndefined()
  expect(findOperator('add', 2)).toBeUndefined()
})

test('meanings take as many arguments as there are parameters', () => {
  for (const row of operators) {
    if (row.kind === 'elementwise')
      expect(row.meaning(...row.parameters.map(() => 1)), row.name).not.toBeUndefined()
    expect(new Set(row.parameters.map(({ name }) => name)).size).toBe(row.parameters.length)
  }
})

test('spellings use every argument, each once, and no others', () => {
  for (const { name, arity, form } of forms) {
    const used = [...form.text.matchAll(/\$(\d)/g)].map((match) => Number(match[1]))
    expect(new Set(used).size, name).toBe(arity)
    expect(Math.max(...used), name).toBe(arity - 1)
    // An argument may be a long expression: it is written once, except `w`, which is a name.
    if (!['fan_in', 'fan_out'].includes(name)) expect(used.length, name).toBe(arity)
  }
})

test('spellings name what they need of the prelude', () => {
  for (const { name, form } of forms) {
    const called = [...form.text.matchAll(/(?<![.\w])([a-z]\w*)\(/g)].map((match) => match[1])
    expect([...new Set(called)].sort(), name).toEqual([...(form.needs ?? [])].sort())
    for (const needed of form.needs ?? []) expect(preludeNames, name).toContain(needed)
  }
})

test('tensor spellings call functions of tfjs, never methods', () => {
  for (const row of operators) {
    if (row.kind === 'shape') continue
    expect(row.spellings.ts.tensor.text, row.name).toMatch(/^(tf\.)?\w+\(/)
    expect(row.spellings.ts.tensor.text, row.name).not.toMatch(/\)\.\w/)
  }
})

test('a row has words for the reference, and its formula names its parameters', () => {
  for (const row of operators) {
    expect(row.summary, row.name).toMatch(/\.$/)
    for (const { name } of row.parameters)
      expect(row.formula.replace(/\\[a-z]+/g, ' '), row.name).toContain(name)
  }
})
