import type { GalleryEntry } from '../answers/gallery.ts'
import { arrowKeys, openDialog } from './dialog.ts'
import { element } from './element.ts'

/** Opens the standard library, to be searched; `choose` is given the file that is chosen. */
export function openGallery(
  entries: readonly GalleryEntry[],
  choose: (entry: GalleryEntry) => void,
): void {
  const { body, head, close } = openDialog('Library', 'wide')
  const search = element('input', {
    type: 'search',
    placeholder: 'momentum, sign, Shampoo, 2024 …',
    'aria-label': 'Search the library',
  })
  head.insertBefore(search, head.lastElementChild)
  const list = element('div', { class: 'choices' })
  body.append(list)
  arrowKeys(list)
  const show = (): void => {
    const found = searchEntries(entries, search.value)
    list.replaceChildren(...found.map((entry) => choice(entry, () => (close(), choose(entry)))))
    if (found.length === 0)
      list.append(
        element('p', { class: 'empty', role: 'status' }, 'Nothing has all of these words.'),
      )
  }
  search.addEventListener('input', show)
  search.addEventListener('keydown', (event) => {
    const first = list.querySelector('button')
    if (event.key === 'ArrowDown') {
      event.preventDefault()
      first?.focus()
    } else if (event.key === 'Enter') first?.click()
  })
  show()
  search.focus()
}

function choice({ name, holds, summary }: GalleryEntry, choose: () => void): HTMLElement {
  return element(
    'button',
    { type: 'button', onclick: choose },
    element('strong', {}, name.slice('std/'.length)),
    element('span', {}, element('span', { class: 'kind' }, holds), summary),
  )
}

/** The files that have all words of a text, those that have them in their names and summaries first. */
export function searchEntries(
  entries: readonly GalleryEntry[],
  wanted: string,
): readonly GalleryEntry[] {
  const words = wanted
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const near = ({ name, summary, holds }: GalleryEntry): boolean =>
    hasAll(`${name} ${summary} ${holds}`, words)
  const found = entries.filter((entry) => near(entry) || hasAll(entry.text, words))
  return [...found.filter(near), ...found.filter((entry) => !near(entry))]
}

function hasAll(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return words.every((word) => lower.includes(word))
}
