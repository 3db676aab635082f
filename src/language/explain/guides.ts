import { indent, wrap, type Topic } from './topic.ts'

interface Guide {
  readonly summary: string
  readonly paragraphs: readonly string[]
  /** A complete program. */
  readonly example: string
}

/** Pages about the language as a whole. */
const GUIDES: Readonly<Record<string, Guide>> = {
  lr: {
    summary: 'the learning rate: a hyperparameter like any other',
    paragraphs: [
      'A file of bare statements has the hyperparameter `lr` in (0, inf) with the default 0.001. An `optimizer` declares it, with an interval and a default of its own. Every hyperparameter accepts a number or a schedule when the optimizer is built.',
      'Which learning rate suits a rule is found by `optc train --lr auto`.',
    ],
    example: 'optimizer Plain(lr in (0, inf) = 0.1) {\n  update = lr * decay_cosine(t) * g\n}',
  },
  groups: {
    summary: 'other hyperparameters for some of the parameters',
    paragraphs: [
      'A rule is written for one parameter and does not know its name. Which hyperparameters it has for which parameters is said where the compiled optimizer is made, in the option `groups`: `new Decayed({ groups: [{ match: /bias/, weightDecay: 0 }] })` has no weight decay on biases.',
      '`match` is a RegExp, a list of names, or a function of the name and the shape. The first group that matches a parameter has it. What a group does not say, and parameters of no group, go by the options beside `groups`. `optimizer.unmatched()` names parameters without a group, and what groups match in vain.',
      'A parameter takes the steps that it would with these hyperparameters alone: schedules, corrections and states that are one number for the run are worked out for each group, once a step.',
      'Two more options of every compiled optimizer: `onNonFinite` (`keep`, `skip` or `throw`) says what is done with gradients that hold NaN or infinite numbers; `accumulate` is the number of calls whose mean gradient makes one step, and `t` and `T` count steps.',
    ],
    example:
      'optimizer Decayed(lr in (0, inf) = 0.01, weight_decay in [0, inf) = 0.1) {\n  update = lr * (sign(ema(g, 0.9)) + weight_decay * w)\n}',
  },
  types: {
    summary: 'what the compiler knows of a value: when, one for what, and its interval',
    paragraphs: [
      'Types are not written. When a value is known: `constant`, when compiling; `build`, when the optimizer is made (hyperparameters and facts about shapes); `step`, once the step number is known (schedules); `gradient`, with `g`, `w` or a state. One for what: the run, the parameter, or the element.',
      'A value that is known earlier, and one for more, may stand where a later and wider one is wanted, never the other way round. Editors show both at a name.',
      'Conditions are a type of their own: a comparison gives one, `and`, `or` and `not` join them, and `where` and `if` take them. They are no numbers: `where(condition, 1, 0)` is one.',
      'Beside that every value has an interval, from which warnings and errors come: a root of something that can be negative, an argument outside of the interval of its parameter.',
    ],
    example: 'let inside = abs(g) < 1 and not w == 0\nupdate = lr * where(inside, g, sign(g))',
  },
  limits: {
    summary: 'what the language lacks, and what to do instead',
    paragraphs: [
      'The loss, accuracy, epochs and batches: a rule sees the gradient `g`, the parameter `w`, the step `t` and the number of steps `T`. A rate that follows the loss is set from outside: a hyperparameter may be a function.',
      'Second derivatives and Hessians: only the gradient of each step is there. Averages of `g^2` estimate the curvature.',
      'Axes, indices and products of matrices: operators work element by element, and reductions such as `mean(x)` are over all elements of a parameter.',
      'Names and layers of parameters: a rule knows the shape of each, by `rank(w)`, `size(w)`, `fan_in(w)` and `fan_out(w)`. An `if` on them chooses a rule for each parameter; hyperparameters go by names too (`optc explain groups`).',
      'Loops, recursion, lists, texts, functions as values, `true` and `false`: a rule is applied to every element and called on every step; what is kept from step to step is a `state`.',
      'Random numbers other than `dropout(x, rate)`, printing and assertions: `optc simulate` shows what a rule does, and an interval says which values a hyperparameter takes.',
      'How large programs may be: a file has at most 262,144 characters, brackets stand in each other at most 100 deep, imports at most 32, and a program with its functions put in place holds at most 20,000 expressions.',
    ],
    example:
      'if rank(w) >= 2 {\n  update = lr * clip_by_norm(g, 1)\n} else {\n  update = lr * g\n}',
  },
}

/** A topic for each page about the language as a whole. */
export function guideTopics(): readonly Topic[] {
  return Object.entries(GUIDES).map(([name, { summary, paragraphs, example }]) => ({
    name,
    group: 'The language',
    summary,
    page: (columns) =>
      [
        `${name}: ${summary}`,
        ...paragraphs.map((paragraph) => wrap(paragraph, columns)),
        `Example:\n\n${indent(example)}`,
      ].join('\n\n'),
  }))
}

/** The example programs, by name; the tests compile them. */
export function guideExamples(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(GUIDES).map(([name, { example }]) => [name, `${example}\n`]),
  )
}
