/** How another library calls and lays out the weights of a network: a row. */
export interface WeightNaming {
  /** The library. */
  readonly name: string
  /** Whether outputs stand before inputs, and both before height and width, as in PyTorch; in our order when false. */
  readonly isOutputsFirst: boolean
  /** What it calls each of these, all variables of a network in their order; those that it does not know are left out. */
  readonly namesOf: (own: readonly string[]) => ReadonlyMap<string, string>
}

/** Our names and layout. */
export const OWN_NAMING: WeightNaming = {
  name: 'optc',
  isOutputsFirst: false,
  namesOf: (own) => new Map(own.map((name) => [name, name])),
}
