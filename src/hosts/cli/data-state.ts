import type { NamedData } from '../../tasks/named-data.ts'
import type { Output } from './output.ts'

/** Its name, where it is, and how to get it where it is not. */
export function describeData(
  { name, summary, remedy, stateIn }: NamedData,
  { paint }: Output,
  directory?: string,
): string {
  const state = stateIn(directory)
  const lines = [`${paint.bold(name)}: ${summary}`]
  if ('ready' in state) lines.push(`  ${paint.green('ready')}: ${state.ready}`)
  else {
    lines.push(
      'missing' in state
        ? `  ${paint.yellow('missing')}: ${state.missing}`
        : `  ${paint.red('broken')}: ${state.broken.path} ${state.broken.problem}; expected ${state.broken.expected}`,
      `  to get it: ${remedy}`,
    )
  }
  return `${lines.join('\n')}\n`
}
