import type { Problem } from '../editor/problems.ts'
import { element } from './element.ts'

/** Shows what is wrong with the program below it; `go` is given the place of the problem that is chosen. */
export function showProblems(
  host: HTMLElement,
  problems: readonly Problem[],
  go: (offset: number) => void,
): void {
  if (problems.length === 0)
    return host.replaceChildren(element('p', { class: 'calm' }, 'No problems'))
  host.replaceChildren(
    element(
      'ul',
      {},
      ...problems.map((problem) => {
        const { severity, message, line, column, from, fixes } = problem
        return element(
          'li',
          { class: severity },
          element(
            'button',
            {
              type: 'button',
              class: 'place',
              'aria-label': `${line}:${column}, go to this place`,
              onclick: () => go(from),
            },
            `${line}:${column}`,
          ),
          element('span', { class: 'text' }, message),
          ...fixes.map(({ title, apply }) =>
            element('button', { type: 'button', class: 'fix', onclick: () => void apply() }, title),
          ),
        )
      }),
    ),
  )
}
