import type { Figure, Panel, Series } from './figure.ts'

/** Values that differ by less than this share of the largest of their line are equal. */
const TOLERANCE = 1e-9

/** The figure with lines that are equal in every panel drawn as one, called `a = b`: the last would hide the others. */
export function joinEqualLines(figure: Figure): Figure {
  const names = [...new Set(figure.panels.flatMap(({ series }) => series.map(({ name }) => name)))]
  const groups: string[][] = []
  for (const name of names) {
    const group = groups.find(([first]) =>
      figure.panels.every((panel) => areEqual(panel, first!, name)),
    )
    if (group === undefined) groups.push([name])
    else group.push(name)
  }
  if (groups.length === names.length) return figure
  const joined = new Map(groups.map((group) => [group[0]!, group.join(' = ')]))
  return {
    ...figure,
    panels: figure.panels.map((panel) => ({
      ...panel,
      series: panel.series.flatMap((series) => {
        const name = joined.get(series.name)
        return name === undefined ? [] : [{ ...series, name }]
      }),
    })),
  }
}

/** Whether the panel has the same lines of both names, or none of either. */
function areEqual(panel: Panel, a: string, b: string): boolean {
  const [first, second] = [a, b].map((name) =>
    panel.series.filter((series) => series.name === name).flatMap(numbersOf),
  )
  if (first!.length !== second!.length) return false
  const largest = first!.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    0,
  )
  return first!.every((value, index) => {
    const other = second![index]!
    return Object.is(value, other) || Math.abs(value - other) <= TOLERANCE * largest
  })
}

function numbersOf({ points, band = [] }: Series): number[] {
  return [...points.flat(), ...band.flatMap(({ x, low, high }) => [x, low, high])]
}
