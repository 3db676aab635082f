import { element } from './element.ts'

/** A dialog that closes with Escape, with its button and with a click beside it. */
export interface Dialog {
  readonly body: HTMLElement
  /** Where more than the title stands. */
  readonly head: HTMLElement
  readonly close: () => void
}

/** Opens a dialog; `onClose` hears of its end. */
export function openDialog(title: string, style: 'wide' | 'small', onClose?: () => void): Dialog {
  const heading = element('h2', {}, title)
  const closing = element('button', { type: 'button' }, 'Close')
  const head = element('header', {}, heading)
  const body = element('div', { class: 'scroll' })
  const dialog = element('dialog', { class: style, 'aria-label': title }, head, body)
  head.append(closing)
  closing.addEventListener('click', () => dialog.close())
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
  dialog.addEventListener('close', () => {
    dialog.remove()
    onClose?.()
  })
  document.body.append(dialog)
  dialog.showModal()
  return { body, head, close: () => dialog.close() }
}

/** Lets the arrow keys go through the buttons of a list. */
export function arrowKeys(list: HTMLElement): void {
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    const buttons = [...list.querySelectorAll('button')]
    const at = buttons.findIndex((button) => button === document.activeElement)
    event.preventDefault()
    buttons[Math.min(Math.max(at + step, 0), buttons.length - 1)]?.focus()
  })
}
