/**
 * A map over another: what it does not hold itself, that one answers for. Many modules stand on the same imports, whose
 * tables are then not copied for each.
 */
export class LayeredMap<K, V> implements ReadonlyMap<K, V> {
  private readonly below: ReadonlyMap<K, V>
  private readonly own = new Map<K, V>()

  constructor(below: ReadonlyMap<K, V>) {
    this.below = below
  }

  get(key: K): V | undefined {
    const value = this.own.get(key)
    return value === undefined ? this.below.get(key) : value
  }

  has(key: K): boolean {
    return this.own.has(key) || this.below.has(key)
  }

  set(key: K, value: V): void {
    this.own.set(key, value)
  }

  get size(): number {
    return this.all().size
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    this.all().forEach((value, key) => visit(value, key, this))
  }

  entries(): MapIterator<[K, V]> {
    return this.all().entries()
  }

  keys(): MapIterator<K> {
    return this.all().keys()
  }

  values(): MapIterator<V> {
    return this.all().values()
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.all().entries()
  }

  /** Entries in the order in which a single map would have got them. */
  private all(): Map<K, V> {
    const all = new Map(this.below)
    for (const [key, value] of this.own) all.set(key, value)
    return all
  }
}
