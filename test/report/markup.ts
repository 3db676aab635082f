/** An element, or a text, of a page. */
export type MarkupNode =
  | {
      readonly name: string
      readonly attributes: ReadonlyMap<string, string>
      readonly children: MarkupNode[]
    }
  | { readonly text: string }

export type MarkupElement = Extract<MarkupNode, { name: string }>

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

/** The tree of a page that is well-formed XML. Throws an Error that says where it is not. */
export function readMarkup(page: string): MarkupElement {
  const root: MarkupElement = { name: '', attributes: new Map(), children: [] }
  const open: MarkupElement[] = [root]
  let place = 0
  const fail = (problem: string): never => {
    throw new Error(`${problem} at ${page.slice(Math.max(0, place - 40), place + 60)}`)
  }
  const decode = (text: string): string => {
    if (/&(?!(?:lt|gt|amp|quot);)|</.test(text)) fail(`unescaped ${text}`)
    return text.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name]!)
  }
  for (const match of page.matchAll(
    /<!DOCTYPE html>|<style>[^<&]*<\/style>|<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|[^<]+|</g,
  )) {
    place = match.index
    const [whole, closing, name, attributes = '', empty] = match
    const parent = open.at(-1)!
    if (whole === '<') fail('a stray <')
    if (name === undefined) {
      if (!/^<[!s]/.test(whole)) parent.children.push({ text: decode(whole) })
      continue
    }
    if (closing === '/') {
      if (parent.name !== name) fail(`</${name}> closes <${parent.name}>`)
      open.pop()
      continue
    }
    const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(
      ([, key, value]) => [key!, decode(value!)] as const,
    )
    const element: MarkupElement = { name, attributes: new Map(pairs), children: [] }
    if (element.attributes.size !== pairs.length) fail('an attribute twice')
    parent.children.push(element)
    if (empty !== '/') open.push(element)
  }
  if (open.length > 1) fail(`<${open.at(-1)!.name}> is never closed`)
  return root
}

/** All elements of a tree, in their order. */
export function elementsOf(node: MarkupNode): readonly MarkupElement[] {
  if (!('name' in node)) return []
  return [node, ...node.children.flatMap(elementsOf)]
}

/** The text in an element, every blank a plain one. */
export function textOf(node: MarkupNode): string {
  return ('text' in node ? node.text : node.children.map(textOf).join('')).replaceAll('\u00a0', ' ')
}
