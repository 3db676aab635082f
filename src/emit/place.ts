import type { Related } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/source.ts'
import type { Body } from '../ir/lowering/occurrence.ts'

/** Where something stands in a source: of a function in another file, the call of it, and the place inside. */
export interface Place {
  readonly path: string
  readonly span: Span
  readonly inside?: Related
}

/** The first of the spans that `find` gives for a body, or for one that is called in it. */
export function firstPlace(body: Body, find: (body: Body) => readonly Span[]): Place | undefined {
  // Functions that call one another twice would be looked at ever more often.
  const known = new Map<Body, Place | undefined>()
  const look = (each: Body): Place | undefined => {
    if (known.has(each)) return known.get(each)
    const own = find(each).map((span): Place => ({ path: each.path, span }))
    const called = [...each.occurrences.values()].flatMap(({ call }): readonly Place[] => {
      const inner = call?.callee?.kind === 'body' ? look(call.callee) : undefined
      if (inner === undefined || inner.path === body.path) return inner === undefined ? [] : [inner]
      const inside = inner.inside ?? { ...inner, label: 'it stands here' }
      return [{ path: each.path, span: call!.expression.span, inside }]
    })
    const all = [...own, ...called]
    const [first] = all.toSorted(({ span: a }, { span: b }) => a.start - b.start || a.end - b.end)
    known.set(each, first)
    return first
  }
  return look(body)
}
