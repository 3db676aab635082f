import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/compile.ts'
import { format } from '../../src/syntax/print.ts'
import { loader, MODULES, optFiles, optimizer, source } from './library.ts'

const NAMES = [
  ...'sgd momentum nesterov rmsprop adam adamw nadam radam amsgrad adagrad adadelta adamax rprop'.split(
    ' ',
  ),
  ...'sgld powersign addsign qhm qhadam aggmo signum lion tiger yogi adabelief adan lars lamb madgrad'.split(
    ' ',
  ),
  ...'ademamix adopt adafactor cautious_adamw cautious_lion mars grams adam_mini laprop'.split(' '),
  ...'novograd adamp sgdw stable_adamw came sm3 lans lion_k adagrad_norm dog prodigy dadapt_adam'.split(
    ' ',
  ),
  ...'muon adamuon normuon scion shampoo soap'.split(' '),
  ...'schedule_free_sgd schedule_free_adamw schedule_free_radam lookahead'.split(' '),
  ...'opt1 opt2 opt3 opt4 opt5 opt6 opt7 opt8 opt9 opt10'.split(' '),
  ...'opt4_1 opt6_1 opt7_1 opt8_1 opt9_1 opt10_1 opt4_lr1 opt5_lr1 opt6_lr1'.split(' '),
  ...'a1 a2 a3 a4 a5 lr1 lr2 lr3 lr4 lr5 lr6 lr7 lr8 lr9'.split(' '),
]

const files = optFiles('stdlib')

it('holds every promised name and nothing unknown', () => {
  expect(files).toEqual([...NAMES, ...MODULES].sort())
})

it('has spaces that draw no normal numbers: a search repeats what it was before there were any', () => {
  const spaces = optFiles('stdlib/spaces')
  expect(spaces.length).toBeGreaterThan(1)
  for (const name of spaces)
    expect(source(`stdlib/spaces/${name}.opt`).text, name).not.toContain('normal(')
})

describe.each(files)('std/%s', (name) => {
  const file = source(`std/${name}`)
  const { value: checked, diagnostics } = analyze(file, loader)

  it('checks without an error or a warning', () => {
    expect(
      diagnostics.map(
        ({ code, message, span }) =>
          `${code}: ${message} (${file.text.slice(span.start, span.end)})`,
      ),
    ).toEqual([])
  })

  it('is formatted', () => {
    expect(format(file).value).toBe(file.text)
  })

  it('documents everything it declares', () => {
    for (const item of checked.module.items) {
      if (item.kind !== 'function' && item.kind !== 'optimizer') continue
      expect(item.documentation.join('').length, item.name.name).toBeGreaterThan(20)
    }
  })

  if (MODULES.includes(name)) return

  it('declares what it is called', () => {
    const [declared, ...more] = name.startsWith('lr')
      ? checked.functions
          .filter((callee) => callee.name.name === name)
          .map((callee) => callee.name.name)
      : checked.optimizers.map((known) => known.name)
    const plain = (text: string | undefined): string | undefined =>
      text?.toLowerCase().replaceAll('_', '')
    expect(plain(declared)).toBe(plain(name))
    expect(more).toEqual([])
  })

  it('says where it comes from and what its defaults are', () => {
    const documentation = name.startsWith('lr')
      ? checked.functions.find((callee) => callee.name.name === name)!.documentation
      : checked.optimizers[0]!.documentation
    const text = documentation.join('\n')
    expect(text).toMatch(/^Source: .+, (19|20)\d\d[^]*?https:\/\//m)
    expect(text).toContain('\\leftarrow'.slice(0, name.startsWith('lr') ? 1 : undefined))
    if (!name.startsWith('lr')) expect(text).toMatch(/^Defaults: /m)
  })
})

it('the optimizers that PyTorch has say how they differ from it', () => {
  const names =
    'sgd momentum nesterov rmsprop adam adamw nadam radam amsgrad adagrad adadelta adamax rprop adafactor'
  for (const name of names.split(' ')) {
    expect(optimizer(name).documentation.join('\n'), name).toMatch(
      /^PyTorch `\w+.*`: the same numbers/m,
    )
  }
})
