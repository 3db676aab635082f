import type { CatalogEntry } from '../diagnostic.ts'

const smallSpace = (hidden: string): string => `/// Signs and averages of the gradient.
space small {
  rule {
    hidden = ${hidden}
    hidden_unary = 0.5
    root_unary = 0.5
    reuse = 0.2
    decay = 0.1
    operands = [g, corrected_ema(g, 0.9)]
    unary = [x, sign(x)]
    binary = [a + b, a - b]
  }
  decay {
    hidden = 1
    hidden_unary = 1
    root_unary = 1
    reuse = 0.2
    operands = [decay_linear(t), decay_cosine(t)]
    unary = [x, square(x)]
    binary = [a * b]
  }
  rate = lr
  forms = [step, heavy_ball(step, mu = 0.9)]
  mutation {
    operator = 0.4
    connection = 0.3
    arity = 0.1
    form = 0.1
    decay = 0.1
    swap = 0.2
    delete_decay = 0.5
  }
  decay_mutation {
    operator = 0.5
    connection = 0.3
    arity = 0.2
    swap = 0.2
  }
}
`

/** What can be wrong with a search space. */
export const spaceCatalog = {
  'unusable-space': {
    severity: 'error',
    title: 'a search space lacks an entry or has one that cannot be used',
    explanation:
      'A search reads everything it may build rules from out of a `space`: the groups `rule`, `decay`, `mutation` and `decay_mutation`, the list `forms` and the expression `rate`. Numbers are probabilities from 0 to 1, `hidden` is a number of nodes, at least 1 in `rule`, and the probabilities written in one list sum to 1 at most; the rates of the kinds of mutation count relative to each other. Only the choices of `unary` and `binary` have probabilities.\n\nA space whose rules may have a factor on the learning rate also has the groups `schedule`, with the largest value `most`, and `schedule_mutation`, and the entries `schedule` of `rule`, `schedule` and `delete_schedule` of `mutation`; one of them asks for the others. A space may have the entry `extent = element` of `rule`, the list `averages` of `rule` with the rate `average` of `mutation`, and the group `values`, lists of numbers by the names that stand for them in choices, with the rate `value` of `mutation`. An entry that no search reads is an error too, and so is a value that no choice uses.\n\nEach choice of `unary` uses the hole `x`, of `binary` the holes `a` and `b`, of `forms` the hole `step`, of `averages` the holes `x` and `beta`. Rules are written into files of their own, so a space uses functions of the standard library only.\n\nCompare with `std/spaces/modern`, which has every entry.',
    wrong: smallSpace('tanh(g)'),
    right: smallSpace('2'),
  },
} satisfies Record<string, CatalogEntry>
