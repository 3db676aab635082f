/** What an entry of a space says, and the groups it stands in where that is not obvious. */
const ENTRIES: Readonly<Record<string, string>> = {
  rule: 'The group of what update equations are drawn from: a root and hidden nodes, each an operator on operands or other nodes.',
  hidden:
    'How many hidden nodes a drawn graph has beside its root: at least 1 in `rule`, none or more in `decay` and `schedule`.',
  hidden_unary: 'The probability that a hidden node has one argument instead of two.',
  root_unary: 'The probability that the root has one argument instead of two.',
  reuse: 'The probability that an argument is another hidden node instead of an operand.',
  extent:
    'In `rule`, what each update has one number for; `element` is the only one. Rules whose update has one number for each output, each input or the whole parameter, and rules with errors, are then drawn again, and such mutants thrown away. Without the entry all are kept.',
  operands:
    'The list of expressions that arguments are drawn from, each as likely as the next. Those that differ in values alone count as one.',
  unary:
    'The list of operators with one argument, `x`. A number after a colon is the probability of a choice, the others share what is left; one with 0 is never drawn, and says how hand-written rules spell it.',
  binary: 'The list of operators with two arguments, `a` and `b`. Probabilities as in `unary`.',
  averages:
    'The list of ways to average `x` with the factor `beta`: the mutation `average` puts one in the place of another, whatever they are of.',
  values:
    'The group of names that stand for numbers in `operands`, `unary`, `binary` and `forms`: `beta = [0.9, 0.99]`. A choice that uses one is drawn with one of its numbers, each as likely as the next; the mutation `value` puts another in its place, also where the default of a hyperparameter is one of them.',
  most: 'In `schedule`, the largest value that a factor on the learning rate may have from the second step on.',
  rate: 'The learning rate of a step, an expression over `lr`, `t`, `T`, `warmup` and `hold`.',
  forms:
    'The list of outer forms, each as likely as the next: `step` stands for the learning rate times the rule.',
  mutation:
    'The group of how likely each kind of mutation of a rule is, relative to the others, and of the choices inside them.',
  decay_mutation: 'The same as `mutation` for the nodes inside a decay.',
  schedule_mutation: 'The same as `mutation` for the nodes inside a factor on the learning rate.',
  operator: 'How often a mutation puts another operator at a node.',
  connection: 'How often a mutation changes an argument of a node, or swaps its two.',
  swap: 'The probability that a mutation of a connection swaps the two arguments.',
  arity: 'How often a mutation makes a unary node binary, or a binary one unary.',
  form: 'How often a mutation puts another outer form around an update.',
  decay:
    'In `rule`, the probability that a decay multiplies the value on an edge; in `mutation`, how often a decay on an edge is added, changed or deleted. As a group: what decays are drawn from.',
  delete_decay: 'The probability that a mutation of an edge with a decay deletes it.',
  schedule:
    'In `rule`, the probability that a drawn rule has a factor on its learning rate; in `mutation`, how often one is added, changed or deleted. As a group: what factors are drawn from.',
  delete_schedule: 'The probability that a mutation of a rule with a factor deletes it.',
  wrap: 'How often a mutation puts an operator with one argument around a node. 0 where it is left out.',
  value:
    'How often a mutation puts another of the `values` in the place of one in a rule, or of the default of a hyperparameter.',
  average: 'How often a mutation puts another of the `averages` in the place of one.',
  removal:
    'How often a mutation takes a part out of a rule: a term, a factor, a function, a decay, the outer form. 0 where it is left out. In races such a child takes the place of its parent where it is as good within noise: its mean over fresh seeds at most one standard error below.',
}

/** An entry that a search space may have. */
export interface SpaceEntry {
  readonly name: string
  /** One line. */
  readonly summary: string
  readonly text: string
}

/** Every entry that a search space may have. */
export const spaceEntries: readonly SpaceEntry[] = Object.entries(ENTRIES).map(([name, text]) => ({
  name,
  summary: text.replace(/[.:;].*$/s, ''),
  text,
}))
