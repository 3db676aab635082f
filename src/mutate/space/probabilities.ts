import type { SpaceGroup } from '../../syntax/ast.ts'
import type { Entry, Mutation } from '../mutations/mutation.ts'
import { lookUp, readProbability, reportSpace, type Reading } from './entries.ts'
import type { Probabilities } from './space.ts'

/** The entries of a mutation in a group of a space: its rate, and the choices inside it. */
export function entriesOf({
  name,
  rate,
  choices,
}: Mutation): readonly (readonly [name: string, entry: Entry])[] {
  return [[name, rate], ...Object.entries(choices)]
}

/** The probabilities of mutations, and of the choices inside them, in a group that has their entries. */
export function readProbabilities(
  reading: Reading,
  group: SpaceGroup,
  table: readonly Mutation[],
): Probabilities {
  reportNoRate(reading, group, table)
  return Object.fromEntries(
    table
      .flatMap(entriesOf)
      .map(([key, entry]) => [
        key,
        entry !== 'required' && lookUp(group, key) === undefined
          ? entry
          : readProbability(reading, group, key),
      ]),
  )
}

/** One of the mutations must be drawn. */
function reportNoRate(reading: Reading, group: SpaceGroup, table: readonly Mutation[]): void {
  const isNever = ({ name, rate }: Mutation): boolean => {
    const value = lookUp(group, name)?.value
    return value === undefined ? rate === 0 : value.kind === 'number' && value.value === 0
  }
  const [first] = table.flatMap(({ name }) => lookUp(group, name) ?? [])
  if (first === undefined || !table.every(isNever)) return
  const message = 'a kind of mutation must have a probability above 0'
  reportSpace(reading, first.value.span, message, 'all of them are 0')
}
