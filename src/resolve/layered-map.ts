/** A map over another: what it does not hold itself, that one answers for. */
export interface LayeredMap<K, V> extends ReadonlyMap<K, V> {
  readonly set: (key: K, value: V) => void
}

/** An empty map over `below`. Many modules stand on the same imports, whose tables are then not copied for each. */
export function layeredMap<K, V>(below: ReadonlyMap<K, V>): LayeredMap<K, V> {
  const own = new Map<K, V>()
  /** Entries in the order in which a single map would have got them. */
  const all = (): Map<K, V> => {
    const entries = new Map(below)
    for (const [key, value] of own) entries.set(key, value)
    return entries
  }
  const layered: LayeredMap<K, V> = {
    get: (key) => own.get(key) ?? below.get(key),
    has: (key) => own.has(key) || below.has(key),
    set: (key, value) => void own.set(key, value),
    get size() {
      return all().size
    },
    forEach: (visit) => all().forEach((value, key) => visit(value, key, layered)),
    entries: () => all().entries(),
    keys: () => all().keys(),
    values: () => all().values(),
    [Symbol.iterator]: () => all().entries(),
  }
  return layered
}
