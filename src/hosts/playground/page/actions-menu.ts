import type { Action } from '../editor/code-actions.ts'
import { arrowKeys, openDialog } from './dialog.ts'
import { element } from './element.ts'

/** Opens what can be done at the cursor; `onClose` hears of its end. */
export function openActions(
  actions: readonly Action[],
  notify: (text: string) => void,
  onClose: () => void,
): void {
  const { body, close } = openDialog('Actions at the cursor', 'small', onClose)
  const run = async (action: Action): Promise<void> => {
    close()
    try {
      if (action.tell === undefined) return await action.apply()
      const told = openDialog(action.title, 'wide', onClose)
      told.body.append(element('pre', { class: 'told', tabindex: 0 }, await action.tell()))
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error))
    }
  }
  const list = element(
    'div',
    { class: 'choices plain' },
    ...actions.map((action) =>
      element(
        'button',
        { type: 'button', onclick: () => void run(action) },
        element('span', { class: 'kind' }, kindOf(action)),
        action.title,
      ),
    ),
  )
  if (actions.length === 0) list.append(element('p', { class: 'empty' }, 'There are none here.'))
  arrowKeys(list)
  body.append(list)
  list.querySelector('button')?.focus()
}

function kindOf({ kind }: Action): string {
  return kind.startsWith('quickfix') || kind.includes('fixAll')
    ? 'fix'
    : kind.startsWith('refactor')
      ? kind.slice('refactor.'.length)
      : 'explain'
}
