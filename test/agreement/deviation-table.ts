import type { Deviations } from './tally.ts'

/** What the columns are, in the order of the table. */
export const COLUMNS: Readonly<Record<string, string>> = {
  'ts-cpu': '`--target ts`, cpu',
  'ts-wasm': '`--target ts`, wasm',
  'kernels-cpu': '`--target kernels`, cpu',
  'kernels-wasm': '`--target kernels`, wasm',
  pytorch: '`--target pytorch`',
  optax: '`--target optax`',
  'keras-jax': '`--target keras`, JAX',
  'keras-tensorflow': '`--target keras`, TensorFlow',
  'keras-torch': '`--target keras`, PyTorch',
}

/** The table of how near the numbers of targets are, in Markdown. */
export function deviationTable(found: ReadonlyMap<string, Deviations>): string {
  const rows = Object.entries(COLUMNS).flatMap(([column, title]) => {
    const own = found.get(column)
    return own === undefined ? [] : [rowOf(title, own)]
  })
  return [
    '| target | numbers after a step | not the same bits | largest part of the tolerance | random numbers, same bits | whole runs |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

const rowOf = (title: string, { numbers, others, part, run, draws }: Deviations): string => {
  const cells = [
    title,
    numbers.toLocaleString('en'),
    `${((100 * others) / numbers).toPrecision(2)} %`,
    part.toPrecision(2),
    draws?.toLocaleString('en') ?? '',
    run?.toExponential(1) ?? '',
  ]
  return `| ${cells.join(' | ')} |`
}
