type Child = Node | string

/** What an element has: attributes by their names, listeners by the names of their events with `on` before them. */
type Properties = Readonly<
  Record<string, string | boolean | number | undefined | ((event: Event) => void)>
>

/**
 * An element with children; texts are never markup. Attributes that are `false` or undefined are left out, `true` has no value.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue
    if (typeof value === 'function') made.addEventListener(key.slice('on'.length), value)
    else made.setAttribute(key, value === true ? '' : String(value))
  }
  made.append(...children)
  return made
}

/** The element of the page with an id. Throws where there is none: page and program do not fit together. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no element ${id}`)
  return found
}

/** A tree of its own inside an element: styles that editors make at run time are let in there by pages that let in none else. */
export function shadowOf(host: HTMLElement): ShadowRoot {
  return host.shadowRoot ?? host.attachShadow({ mode: 'open' })
}
