import {
  Alternation,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  Terminal,
  type BaseParser,
  type ILookaheadStrategy,
  type IProduction,
  type IToken,
  type Rule,
  type TokenType,
} from 'chevrotain'

type Production = IProduction & { readonly idx?: number; readonly definition?: IProduction[] }

/** The parser as the lookahead functions see it, which are called on it. */
type Looking = BaseParser & { LA(distance: number): IToken }

/** Which tokens a production can start with, and whether it can be empty. */
interface First {
  readonly types: ReadonlySet<TokenType>
  readonly empty: boolean
}

/** What is known of the rules so far. */
interface Known {
  readonly firstOfRule: Map<string, First>
  readonly productions: Map<Rule, readonly Production[]>
}

const OPTIONAL = {
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
} as const

/**
 * Decides by one token, which is all the grammar needs. Chevrotain's own strategy works for any number of tokens and takes
 * longer to prepare than it takes to parse a file.
 */
export function createLookahead(): ILookaheadStrategy {
  const known: Known = { firstOfRule: new Map(), productions: new Map() }
  return {
    validate: () => [],
    buildLookaheadForAlternation: ({ prodOccurrence, rule }) => {
      const alternation = productionsOf(known, rule).find(
        (each) => each instanceof Alternation && each.idx === prodOccurrence,
      )!
      const choice = new Map<number, number>()
      for (const [index, alternative] of alternation.definition!.entries())
        for (const type of startsOf(known, alternative))
          if (!choice.has(type)) choice.set(type, index)
      return function (this: Looking) {
        return choice.get(this.LA(1).tokenTypeIdx)
      }
    },
    buildLookaheadForOptional: ({ prodOccurrence, prodType, rule }) => {
      const kind = OPTIONAL[prodType]
      const optional = productionsOf(known, rule).find(
        (each) => each instanceof kind && each.idx === prodOccurrence,
      )!
      const starts = new Set(startsOf(known, optional))
      return function (this: Looking) {
        return starts.has(this.LA(1).tokenTypeIdx)
      }
    },
  }
}

function productionsOf({ productions }: Known, rule: Rule): readonly Production[] {
  const found = productions.get(rule) ?? rule.definition.flatMap(withProductionsInside)
  productions.set(rule, found)
  return found
}

function withProductionsInside(production: IProduction): readonly Production[] {
  // The definition of a reference is that of the rule it refers to.
  const inside = production instanceof NonTerminal ? [] : definitionOf(production)
  return [production, ...inside.flatMap(withProductionsInside)]
}

const definitionOf = (production: Production): readonly IProduction[] => production.definition ?? []

/** The numbers of all types of tokens that a production can start with, categories' members among them. */
function startsOf(known: Known, production: IProduction): readonly number[] {
  return [...firstOf(known, production).types].flatMap(({ tokenTypeIdx, categoryMatches }) => [
    tokenTypeIdx!,
    ...(categoryMatches ?? []),
  ])
}

function firstOf(known: Known, production: IProduction): First {
  if (production instanceof Terminal)
    return { types: new Set([production.terminalType]), empty: false }
  if (production instanceof NonTerminal) return firstOfRule(known, production.referencedRule)
  if (production instanceof Alternation) {
    const each = production.definition.map((alternative) => firstOf(known, alternative))
    return {
      types: new Set(each.flatMap(({ types }) => [...types])),
      empty: each.some(({ empty }) => empty),
    }
  }
  const inside = firstOfSequence(known, definitionOf(production))
  const isOptional =
    production instanceof Option ||
    production instanceof Repetition ||
    production instanceof RepetitionWithSeparator
  return isOptional ? { types: inside.types, empty: true } : inside
}

function firstOfRule(known: Known, { name, definition }: Rule): First {
  const found = known.firstOfRule.get(name) ?? firstOfSequence(known, definition)
  known.firstOfRule.set(name, found)
  return found
}

function firstOfSequence(known: Known, definition: readonly IProduction[]): First {
  const types = new Set<TokenType>()
  for (const production of definition) {
    const each = firstOf(known, production)
    for (const type of each.types) types.add(type)
    if (!each.empty) return { types, empty: false }
  }
  return { types, empty: true }
}
