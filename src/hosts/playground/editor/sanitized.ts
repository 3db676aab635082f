import DOMPurify from 'dompurify'

/** Attributes that would run something, in the tags of a markup. */
const HANDLERS = /(?<=<[a-z][^>]*\s)on(?=\w+\s*=)/gi

/** Markup without anything that runs, loads, looks like the page or could be taken for a part of it. */
export function sanitized(html: string): string {
  // The content of a template is of no page: styles in it are not tried, so that no policy has to forbid them. Handlers are, even
  // there; they are taken out again below, and renamed only so that the console does not tell of each.
  const { content } = document.createElement('template')
  const root = content.ownerDocument.createElement('div')
  root.innerHTML = html.replaceAll(HANDLERS, 'data-on')
  DOMPurify.sanitize(root, {
    IN_PLACE: true,
    USE_PROFILES: { html: true },
    FORBID_TAGS: ['style', 'img', 'form', 'input', 'button', 'audio', 'video', 'source', 'picture'],
    FORBID_ATTR: ['style', 'id', 'name'],
  })
  return root.innerHTML
}
