import { FILTERS, type Filter } from '../../evolve/filters.ts'
import { joined } from '../markdown/write.ts'
import type { Topic } from '../topic.ts'

interface SearchWord {
  readonly summary: string
  readonly also?: readonly string[]
  readonly paragraphs: readonly string[]
  /** Other words that it is told by, or that go on from it. */
  readonly see: readonly string[]
}

const RULE: Readonly<Record<string, SearchWord>> = {
  'outer-form': {
    also: ['form'],
    summary: 'what is put around an update: nothing, momentum or Nesterov momentum',
    paragraphs: [
      'An update of a search is an expression; the outer form makes a step of it and the learning rate: as it is, through a buffer of momentum, or through one that looks ahead. A space lists its forms, each as likely as the next, and mutations exchange them.',
    ],
    see: ['forms', 'published-notation'],
  },
  slot: {
    summary: 'one place of a search to be filled with a judged rule',
    paragraphs: [
      'Slots are called by where they stand: `initial/0`, `given/0`, `particle/PARTICLE/TIMESTEP/CHILD`, `parent/PARTICLE`, `ladder/RUNG/PLACE`, `final/NAME`, `ablation/NAME/NUMBER`, `transfer/TASK/NAME`. Seeds follow from the name of the slot, and what an earlier evaluation stands for from the order of the slots, so that a run does not depend on which worker was faster.',
    ],
    see: ['journal', 'reuse-of-results'],
  },
  'published-notation': {
    also: ['notation'],
    summary: 'how the log of the published search writes a rule: `outer form ~ update`',
    paragraphs: [
      'Rules of arXiv 2404.06679 as its authors logged them. `optc import RULES --from published` makes `.opt` files of them, `optc integrity --from published` checks them, `optc dedupe` finds those that do the same.',
    ],
    see: ['outer-form', 'integrity-check'],
  },
  fingerprint: {
    summary: '16 hexadecimal digits that name the function a rule computes',
    paragraphs: [
      'Equal for rules that differ in names, in the order of operands that commute, in the order of states, in how they are split into functions or by the laws of the simplifier. Hyperparameters count by name and default. A child whose fingerprint its particle knows is drawn again.',
      'Rules with other fingerprints may still do the same: those are found by their behaviour.',
    ],
    see: ['behaviour', 'reuse-of-results'],
  },
  behaviour: {
    also: ['behaviour-index', 'dedupe'],
    summary: 'what a rule does on recorded streams of gradients, by which equal rules are found',
    paragraphs: [
      'Rules are run on the same streams of gradients, and their weights compared with a bound on the difference. Those that agree up to a factor on the update are found, too, since a learning rate takes that in. `optc dedupe` shows the groups in any set of rules.',
    ],
    see: ['fingerprint', 'reuse-of-results'],
  },
}

const JUDGING: Readonly<Record<string, SearchWord>> = {
  'integrity-check': {
    summary: 'whether a rule can minimise a sphere at all, before anything is trained',
    paragraphs: [
      'The sum of (x - c)^2 is minimised from x = (1.1, 0.9, 1.1, 0.9, 1) with c = (0.5, 1.5, -0.3, -1.2, 0.75), where it is 7.1525. A rule takes 35 steps, the learning rate rising over the first 6 and falling as half a cosine to the end. It is accepted if with one of the rates 1, 0.1, 0.01, 1e-3, 1e-4 and 1e-5 the last loss read is below 3.5; each loss is read before its step.',
      'If none is, the same is tried with the sign of the update turned round; a rule that passes so is used so. A rule that reads the shape of a parameter must get there on the vector and on a matrix of 5 inputs and 3 outputs alike.',
      '`optc integrity PATH` runs it; `optc evolve --integrity off` leaves it out.',
    ],
    see: ['filter', 'surrogate'],
  },
  filter: {
    also: ['filters'],
    summary: 'a test of a rule on small problems, between the integrity check and training',
    paragraphs: [
      'Filters are off unless `optc evolve --filters NAME,...` or `--filters all` names them. They take milliseconds, and a search spends most of its time on rules that fail in training. Each has a page of its own: `signs`, `constant`, `cosine`, `saddle`, `ill-conditioned`, `noisy`, `sparse`, `plateau`.',
      'The report of a run says which of the rules that were trained each filter would have kept out.',
    ],
    see: ['integrity-check'],
  },
  surrogate: {
    summary: 'the small network, and the plan to train it by, that rules are judged on',
    paragraphs: [
      'A surrogate is a width for the network of the task, a batch size, a number of steps with warm-up and hold, a probe of learning rates and when to stop early. It stands for the large networks that the rules are meant for; how well one predicts another is measured by `optc study surrogate`.',
      'A protocol has one surrogate for the initial stage, one for the evolution and one for each rung of its ladder.',
    ],
    see: ['protocol', 'probe', 'fitness', 'rung'],
  },
  probe: {
    also: ['learning-rate-probe'],
    summary: 'short runs with several learning rates, of which the best is taken',
    paragraphs: [
      'A probe goes in rounds. Each tries some learning rates for a few epochs, ends runs that learn too little, and gives up the rule if the best of all so far has a lower training accuracy than the round asks for. The full run takes the best rate.',
      'What a short run prefers is not always what a whole one does: the final table chooses by whole runs.',
    ],
    see: ['surrogate', 'final-evaluation'],
  },
  fitness: {
    also: ['score'],
    summary: 'how good a rule is found to be: the best validation metric of its run',
    paragraphs: [
      'An accuracy as it is, a loss or perplexity with its sign turned round, so that more is better. A rule that fails has none: no learning rate learns, the loss diverges, or the run ends early. It depends on the rule, the seed, the task and the protocol alone, so that every evaluation repeats.',
    ],
    see: ['surrogate', 'probe', 'evidence'],
  },
  evidence: {
    summary: 'the order of rules by the lower ends of intervals of their expected scores',
    paragraphs: [
      'One run is one draw: the best of many scores is high by luck. Rules that raced count by the mean over the fresh seeds of their races, others by their score, and each by the lower end of a one-sided 95 % interval, with one variance from seed to seed that is estimated from the races.',
    ],
    see: ['fitness', 'race'],
  },
  'reuse-of-results': {
    summary: 'what an earlier rule was found to be worth stands for a new one that does the same',
    paragraphs: [
      'With `optc evolve --reuse exact`, the default, for a rule that computes the same; with `--reuse scale` also up to a factor and a sign, which the learning rate takes in; with `--reuse off` never. The journal names the rule whose result was taken.',
    ],
    see: ['behaviour', 'slot'],
  },
  protocol: {
    summary: 'how a search judges rules: surrogates, ladder and final table, as plain data',
    paragraphs: [
      '`optc evolve --protocol NAME` takes `quick` (the default, for two processor cores), `sketch` or `published`, or a JSON file; examples/protocol.json is one. `--scale 0.01` makes everything in it a hundredth as long.',
    ],
    see: ['surrogate', 'rung', 'final-evaluation'],
  },
}

const STAGES: Readonly<Record<string, SearchWord>> = {
  'initial-stage': {
    also: ['initial'],
    summary: 'the first stage: random rules, of which the best become particles',
    paragraphs: [
      'So many rules as `--initial` says are drawn from the space, checked and judged by the initial surrogate. Rules named on the command line are judged with them.',
    ],
    see: ['particle', 'integrity-check', 'surrogate'],
  },
  particle: {
    also: ['particles'],
    summary:
      'one line of descent: a rule that is replaced by one of its children at each time step',
    paragraphs: [
      'A search has so many as `--particles` says, and they never meet: there is mutation and no crossover. A particle knows all rules that it has seen, and no child of it is one of them.',
    ],
    see: ['time-step', 'child', 'selection'],
  },
  'time-step': {
    also: ['timestep', 'timesteps'],
    summary: 'one round of the evolution: every particle gets children, and one successor',
    paragraphs: [
      '`--timesteps` says how many there are. A budget of steps is looked at between time steps, one of minutes between two slots.',
    ],
    see: ['particle', 'child', 'budget'],
  },
  child: {
    also: ['children', 'mutant', 'brood'],
    summary: 'a mutant of a particle that is new for it',
    paragraphs: [
      'A particle gets so many as `--children` says at a time step. A mutation is drawn until the child has no cycle, a valid decay, a new fingerprint, and passes the integrity check. One that fails in training is drawn anew, up to three times more.',
    ],
    see: ['mutation', 'particle', 'selection'],
  },
  selection: {
    also: ['successor'],
    summary: 'how the successor of a particle is chosen: by races, or always the best child',
    paragraphs: [
      'By default a child takes the place of its parent where it is better on fresh seeds with the stated confidence; else the parent stays. With `--selection published` the best child always does, also when it is worse than its parent, as in the published search.',
    ],
    see: ['race', 'child', 'removal'],
  },
  race: {
    also: ['racing', 'races'],
    summary: 'a comparison of children with their parent on fresh seeds until it is sure',
    paragraphs: [
      'Every round gives each contender a run under equal conditions. After 3, 6, 12 ... rounds each child is compared with the parent by a one-sided paired t-test, its level shared among contenders and looks. One whose mean is not above the parent is out; the best of those that beat it wins; after the last round the parent stays.',
      'A child that is its parent without a part also wins where it is as good within noise: its mean is at most one standard error of the difference below.',
    ],
    see: ['selection', 'evidence', 'removal'],
  },
  elimination: {
    also: ['ladder', 'progressive-elimination'],
    summary: 'the best rules are judged again on larger models, fewer of them on each rung',
    paragraphs: [
      'With `optc evolve --ladder`. It asks which of the rules that were good on a small network stay so on larger ones and longer runs. Those that climbed highest are the finalists.',
    ],
    see: ['rung', 'final-evaluation', 'ablation'],
  },
  rung: {
    also: ['rungs'],
    summary: 'one step of the ladder: a surrogate, how many rules come to it, on how many seeds',
    paragraphs: [
      'A rule finds its learning rate by the probe on one seed and runs with it on fresh ones. A rung may have a task of its own: it puts the rules in order and leaves them the scores that they have, since metrics of two tasks do not compare.',
    ],
    see: ['elimination', 'surrogate', 'protocol'],
  },
  'final-evaluation': {
    also: ['final', 'finalist', 'finalists', 'final-table'],
    summary:
      'the table at the end: finalists beside known optimizers, on fresh seeds and held-out data',
    paragraphs: [
      'Each rule, the baselines too, chooses its learning rate by whole runs on seeds of their own, refined to thirds of a decade until the best has both neighbours behind it. It then runs on seeds that nothing was chosen by, and the test data are read for the first time. Intervals are of 95 % and cover the choice of the rate.',
      'Where a protocol names further tasks, the rules of the table are tuned on each of them once more: `transfer` in the journal.',
    ],
    see: ['baseline', 'ablation', 'evidence'],
  },
  transfer: {
    summary: 'the rules of the final table on another task of the protocol',
    paragraphs: [
      'As `fine-tuning` in the published protocol. Tasks have metrics of their own, so ranks are compared, and a supplement has no part in them.',
    ],
    see: ['final-evaluation', 'protocol'],
  },
  baseline: {
    also: ['baselines', 'against'],
    summary: 'a known optimizer that stands in the final table beside the finalists',
    paragraphs: [
      'Named by `--against`: library names or files. A baseline is tuned exactly as the finalists are.',
    ],
    see: ['final-evaluation'],
  },
  ablation: {
    also: ['ablations'],
    summary: 'a finalist trained again with one part taken out',
    paragraphs: [
      'Each decay, factor, term and function of a winner is removed in turn, and the rest is tuned and trained as in the final table. So it is seen which parts do something.',
    ],
    see: ['removal', 'final-evaluation', 'elimination'],
  },
}

const RUNS: Readonly<Record<string, SearchWord>> = {
  'search-space': {
    summary: 'what a search may build rules from, declared by `space` in a file of the language',
    paragraphs: [
      'Operands, operators with one and two arguments, decays, outer forms and how likely each mutation is. `optc evolve --space NAME` takes `published`, `joint` or `modern` of the library, or a file; `optc check` says what a space lacks. Each of its entries has a page.',
    ],
    see: ['space', 'mutation', 'operands'],
  },
  journal: {
    summary: 'what a run writes down, a line an entry, only ever longer',
    paragraphs: [
      'The file journal.jsonl of a run folder. It holds no times and is written in an order that follows from the configuration alone: equal configurations give equal bytes, with one worker or four, however often the run was ended and resumed. Evaluations are kept beside it in evaluations.jsonl the moment they are done.',
      'Its entries: `run` (the configuration), `work` (a slot filled, or not), `enter` (a first particle judged by the surrogate of the evolution), `select` (what a particle becomes), `stop` (the budget is used up), `rung`, `final`, `ablation`, `transfer` and `end`.',
    ],
    see: ['resume', 'slot', 'run-folder'],
  },
  'run-folder': {
    summary: 'the folder of a run: configuration, journal, candidates, best rules, report',
    paragraphs: [
      'Written by `optc evolve --out DIR`. Every candidate is a `.opt` file; the best ones are there as compiled TypeScript, too. `optc report DIR` makes one HTML page of it.',
    ],
    see: ['journal', 'resume'],
  },
  resume: {
    summary: 'go on with a run that was ended, to the same journal',
    paragraphs: [
      '`optc evolve --resume DIR` runs the search again from its start, finds the evaluations that were made, and compares what it would write with what is there. Nothing is paid for again but what was in flight; a changed configuration, version or journal is seen where it first matters.',
    ],
    see: ['journal', 'seed'],
  },
  budget: {
    summary: 'when a search begins nothing new: minutes or training steps',
    paragraphs: [
      '`--budget 30m`, `2h` or `500000steps`. Ladder and final table come on top. Where the budget ended the evolution is in the journal; only a budget in steps gives another run the same end.',
    ],
    see: ['time-step', 'journal'],
  },
  seed: {
    also: ['seeds'],
    summary: 'the number that everything random follows from',
    paragraphs: [
      'Draws of rules, weights, the order of data and dropout. `optc evolve --seed 1` gives the same journal each time. Seeds of races, rungs and the final table follow from it and from the slot, and no two are the same.',
    ],
    see: ['slot', 'resume', 'randomness'],
  },
  worker: {
    also: ['workers'],
    summary: 'a process that trains rules for a search',
    paragraphs: [
      '`--workers N` says how many. The journal does not depend on their number: results take their places in the order of the slots.',
    ],
    see: ['slot', 'journal'],
  },
  mutation: {
    also: ['mutations'],
    summary: 'a change of a rule: an operator, an argument, a form, a decay, a value, a part less',
    paragraphs: [
      'How likely each kind is relative to the others stands in the group `mutation` of the space, and each has a page of its own. A mutation that gives no program, or one that the particle knows, is drawn again; the journal counts why.',
    ],
    see: ['operator', 'connection', 'arity', 'form', 'wrap', 'value', 'average', 'removal'],
  },
}

/** A topic for each word that the search is told by. */
export function searchTopics(): readonly Topic[] {
  const groups = { ...RULE, ...JUDGING, ...STAGES, ...RUNS }
  return [
    ...Object.entries(groups).map(([name, word]) => wordTopic(name, word)),
    ...FILTERS.map(filterTopic),
  ]
}

const GROUP = 'Words of the search'

function wordTopic(name: string, { summary, also, paragraphs, see }: SearchWord): Topic {
  return {
    name,
    ...(also !== undefined && { also }),
    group: GROUP,
    summary,
    page: () =>
      joined(
        `${name.replaceAll('-', ' ')}, in a search: ${summary}`,
        ...paragraphs,
        `See also: ${see.map((other) => `\`optc explain ${other}\``).join(', ')}`,
      ),
  }
}

function filterTopic({ name, summary }: Filter): Topic {
  return {
    name,
    group: 'Filters of the search',
    summary,
    page: () =>
      joined(
        `${name}, a filter before training: a rule has to pass this test.`,
        `What it asks: ${summary}.`,
        '`optc evolve --filters NAME,...` tests rules with it; `optc explain filter` tells more.',
      ),
  }
}
