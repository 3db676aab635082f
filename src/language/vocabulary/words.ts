import { spaceCatalog } from '../../diagnostics/catalog/space.ts'
import { builtins, constants } from '../../resolve/builtins.ts'
import type { BuiltinName } from '../../resolve/resolution.ts'

interface WordRow {
  readonly summary: string
  readonly more?: string
  /** A complete program. */
  readonly example: string
}

/** What every program knows and none declares; `lr` is there where a file declares no optimizer. */
const BUILTINS: Readonly<Record<BuiltinName, Omit<WordRow, 'summary'>>> = {
  g: {
    more: 'The derivative of the loss by each element of the parameter, for this batch; a tensor of the shape of `w`.',
    example: 'update = lr * g',
  },
  w: {
    more: 'A tensor. Weight decay is written with it.',
    example: 'update = lr * (g + 0.01 * w)',
  },
  t: {
    more: 'The same number for every parameter; 0 in the first step. It counts the steps of the run, also those in which a parameter has no gradient, such as while its layer is frozen. PyTorch counts for each parameter the steps in which it had one: rules that use `t`, such as Adam with its corrections, differ from it from the first step a parameter misses, unless they use `steps(w)` in its place. States are kept through such a step as they are.',
    example: 'update = lr * g / sqrt(t + 1)',
  },
  T: {
    more: 'Given when the optimizer is built, as `totalSteps`; only programs that use it, directly or through a decay, need it.',
    example: 'update = lr * g * (1 - t / T)',
  },
}

const WORDS: Readonly<Record<string, WordRow>> = {
  optimizer: {
    summary: 'declares an optimizer with its hyperparameters',
    more: 'Its block holds exactly one `update`. A file of bare statements is an optimizer too, named after the file, with the hyperparameter `lr = 0.001`.',
    example:
      'optimizer Momentum(lr in (0, inf) = 0.01, beta in [0, 1) = 0.9) {\n  update = lr * heavy_ball(g, beta)\n}',
  },
  schedule: {
    summary: 'declares a number per step that depends on `t`, `T` and its arguments',
    example: 'schedule warm(t, steps = 100) = min((t + 1) / steps, 1)\n\nupdate = lr * warm(t) * g',
  },
  decay: {
    summary: 'declares a schedule that stays in [0, 1]',
    more: 'The compiler proves it, or finds the first step at which it does not hold.',
    example: 'decay fading(t) = (1 - t / T)^2\n\nupdate = lr * fading(t) * g',
  },
  fn: {
    summary: 'declares a function',
    more: 'It may own `state`; calls with the same arguments share one, others have their own.',
    example: 'fn squashed(x) = tanh(3 * x)\n\nupdate = lr * squashed(g)',
  },
  import: {
    summary: 'brings in functions, schedules and decays of other files',
    more: 'From `"std/NAME"` of the standard library or `"./file.opt"` beside this file; `as` gives another name. What is in `std/prelude` needs no import.',
    example:
      'import { trust_ratio as scale } from "std/trust"\n\nupdate = lr * scale(norm(w), norm(g)) * g',
  },
  let: {
    summary: 'names a value for the statements below',
    example: 'let direction = sign(g)\nupdate = lr * direction',
  },
  state: {
    summary: 'declares something that is kept from step to step',
    more: 'The value is the one before the first step: a number, or `w`. The name is assigned at most once a step: above that it holds the value of the step before, below the new one.',
    example: 'state m = 0\nm = 0.9 * m + 0.1 * g\nupdate = lr * m',
  },
  update: {
    summary: 'what is subtracted from the parameter: w <- w - update',
    example: 'update = lr * g',
  },
  evaluate: {
    summary: 'the weights a model is evaluated, saved and shipped with, where they are not `w`',
    more: 'Worked out between steps, wherever it stands: `w` is the parameter after the step, the name of a state is its value after the step, `t` is the step that was taken last (0 after the first), and `g` is not there. A `let` may be used if it is known before the gradient or rests on new values of states alone; functions may keep states, which change with every step. Before the first step of a parameter it is `w`. Inside an `if` a branch without one means `w`. Emitted classes have `evaluationWeights()` and `withEvaluationWeights(f)` then; `optc train`, `optc evolve` and `optc simulate` go by it. Moving averages of batch normalization are those of the weights that were trained at.',
    example:
      'state average = w\nlet step = lr * heavy_ball(g)\nupdate = step\naverage = 0.99 * average + 0.01 * (w - step)\nevaluate = average',
  },
  if: {
    summary: 'picks statements by the shape of the parameter or by the step',
    more: 'The condition is known from shapes, constants and the step: with `if mod(t, 10) == 0 { ... }` states that are not assigned stay what they are, and what is not taken is not computed. One on tensors is `where(condition, a, b)`.',
    example: 'if rank(w) >= 2 {\n  update = lr * sign(g)\n} else {\n  update = lr * g\n}',
  },
  else: {
    summary: 'what is done where the condition of an `if` does not hold',
    more: 'After the closing brace, with a block of its own or another `if`. Without one, states stay what they are on the other side.',
    example:
      'if rank(w) >= 2 {\n  update = lr * sign(g)\n} else if size(w) > 1 {\n  update = lr * g / (norm(g) + 1e-8)\n} else {\n  update = lr * g\n}',
  },
  in: {
    summary: 'the interval of the values that a parameter takes',
    more: 'Between the name and the default. A round bracket leaves the end out, a square one has it: `beta in [0, 1)` is at least 0 and below 1. The ends are constants, `-inf` and `inf` among them. The compiler reckons with the interval, and emitted code holds every value to it.',
    example:
      'optimizer Bounded(lr in (0, inf) = 0.1, beta in [0, 1) = 0.9) {\n  update = lr * ema(g, beta)\n}',
  },
  from: {
    summary: 'names the file of an `import`',
    more: 'A word of the language at that place alone; elsewhere a name like others.',
    example: 'import { cautious } from "std/wrappers"\n\nupdate = cautious(lr * ema(g, 0.9), g)',
  },
  as: {
    summary: 'gives what is imported another name in this file',
    more: 'A word of the language at that place alone; elsewhere a name like others.',
    example:
      'import { normalize as unit } from "std/wrappers"\n\nupdate = lr * unit(heavy_ball(g))',
  },
  over: {
    summary: 'names the axis that `sum`, `mean`, `norm`, `max_abs` and `dot` reduce',
    more: '`over = inputs` gives one number for each output, `over = outputs` one for each input; without it all elements are reduced to one number. A name like others everywhere else.',
    example: 'update = lr * g / (norm(g, over = inputs) + 1e-8)',
  },
  inputs: {
    summary: 'the axis of what each neuron or filter reads',
    more: 'All axes of a parameter but that of its outputs, taken together. It stands behind `over =` and in `eye(inputs)`, and is a name like others everywhere else.',
    example: 'update = lr * g / (sqrt(mean(g^2, over = inputs)) + 1e-8)',
  },
  outputs: {
    summary: 'the axis of neurons or filters',
    more: 'The last axis of a parameter in tfjs, Keras and JAX, the first in PyTorch; of a vector the only one. It stands behind `over =` and in `eye(outputs)`, and is a name like others everywhere else.',
    example: 'update = lr * g / (sqrt(mean(g^2, over = outputs)) + 1e-8)',
  },
  space: {
    summary: 'declares what a search may build rules from',
    more: 'Read by `optc evolve --space`, and no part of an optimizer. Operators are written as expressions over `x`, `a` and `b`; `optc check` says what a space lacks. `stdlib/spaces` holds three: `published` and `joint` of the published search, `modern` of what optimizers are made of today. Each entry has a page of its own, such as `optc explain reuse`.',
    example: spaceCatalog['unusable-space'].right.trimEnd(),
  },
  return: {
    summary: 'gives the value of a function written as a block',
    example:
      'fn average(x) {\n  state a = 0\n  a = 0.9 * a + 0.1 * x\n  return a\n}\n\nupdate = lr * average(g)',
  },
}

const RATE: WordRow = {
  summary: 'the learning rate, a hyperparameter like any other',
  more: 'A file of bare statements has it in (0, inf) with the default 0.001; an `optimizer` declares it, with an interval and a default of its own. Which one suits a rule is found by `optc train --lr auto`.',
  example: 'optimizer Plain(lr in (0, inf) = 0.1) {\n  update = lr * decay_cosine(t) * g\n}',
}

/** A word of the language, or a name that is always there. */
export interface Word extends WordRow {
  readonly name: string
  readonly isName: boolean
}

function constantRow(name: string, value: number): WordRow {
  return Number.isFinite(value)
    ? { summary: `the constant ${value}`, example: `update = lr * g / ${name}` }
    : {
        summary: 'infinity, for the ends of intervals',
        example: `optimizer Plain(lr in (0, ${name}) = 0.1) {\n  update = lr * g\n}`,
      }
}

/** Every word of the language, then every name that is always there. */
export const words: readonly Word[] = [
  ...Object.entries(WORDS).map(([name, row]): Word => ({ name, isName: false, ...row })),
  ...Object.entries(BUILTINS).map(([name, row]): Word => ({
    name,
    isName: true,
    summary: builtins[name as BuiltinName],
    ...row,
  })),
  { name: 'lr', isName: true, ...RATE },
  ...[...constants].map(([name, value]): Word => ({
    name,
    isName: true,
    ...constantRow(name, value),
  })),
]

/** What there is to say of a word, in Markdown. */
export function wordMarkdown({ name, summary, more, example }: Word): string {
  return [
    `${name}: ${summary}`,
    ...(more === undefined ? [] : [more]),
    `\`\`\`opt\n${example}\n\`\`\``,
  ].join('\n\n')
}
