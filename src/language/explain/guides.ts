import { HIDDEN, indent, wrap, type Topic } from './topic.ts'

interface Guide {
  readonly summary: string
  readonly paragraphs: readonly string[]
  /** What else is asked for and answered by this page: what is no name of the language by itself. */
  readonly also?: readonly string[]
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
    also: ['match', 'onNonFinite', 'accumulate', 'unmatched'],
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
      'Types are not written. When a value is known: `constant`, when compiling; `build`, when the optimizer is made (hyperparameters and facts about shapes); `step`, once the step number is known (schedules); `gradient`, with `g`, `w` or a state. One for what: the run, the parameter, each output or input of a parameter (`optc explain axes`), the element, or a matrix over other axes (`optc explain matrices`).',
      'A value that is known earlier, and one for more, may stand where a later and wider one is wanted, never the other way round. Editors show both at a name.',
      'Conditions are a type of their own: a comparison gives one, `and`, `or` and `not` join them, and `where` and `if` take them. They are no numbers: `where(condition, 1, 0)` is one.',
      'Beside that every value has an interval, from which warnings and errors come: a root of something that can be negative, an argument outside of the interval of its parameter.',
    ],
    example: 'let inside = abs(g) < 1 and not w == 0\nupdate = lr * where(inside, g, sign(g))',
  },
  axes: {
    also: ['over', 'inputs', 'outputs', 'axis', 'dim'],
    summary: 'inputs and outputs: the axes of a parameter, and one number for each place of one',
    paragraphs: [
      'A parameter is a matrix of inputs and outputs. `outputs` is the axis of neurons or filters: the last one in tfjs, Keras and JAX, the first one in PyTorch. `inputs` is all others together. A kernel of shape [5, 7] has 5 inputs and 7 outputs, one of shape [3, 3, 8, 16] has 72 and 16, and so on for any rank. A vector has an output for each of its elements and one input; a single number has one of both.',
      '`sum`, `mean`, `norm`, `max_abs` and `dot` take `over = inputs` or `over = outputs`. `norm(g, over = inputs)` is one number for each output, over what that neuron reads; `norm(g, over = outputs)` one for each input; `norm(g)` one for the parameter. For a vector `over = inputs` is over one element, and `over = outputs` over all. A parameter without elements has nothing to reduce and nothing to update.',
      'What there is one of for each output or input meets every element by itself: `g / norm(g, over = inputs)` divides each by the norm of its output. One for each output with one for each input makes one for each element.',
      'A state holds as many numbers as what is assigned to it: one for each output after `r = ema(mean(g^2, over = inputs))`, which is far less memory than one for each element.',
      'There are no positions: `dim=0` of PyTorch, whose outputs come first, is `over = outputs`, and `axis=0` where they come last is `over = inputs`. `optc simulate --layout outputs-first` gives the numbers for parameters as PyTorch has them.',
    ],
    example:
      'let of_output = ema(mean(g^2, over = inputs), 0.99)\nlet of_input = ema(mean(g^2, over = outputs), 0.99)\nupdate = lr * g / (sqrt(of_output * of_input / (mean(of_output) + 1e-16)) + 1e-8)',
  },
  matrices: {
    also: ['matrix'],
    summary: 'products, roots and eigenvectors of matrices over named axes',
    paragraphs: [
      'A parameter of rank 2 and more is a matrix of inputs by outputs, whatever its rank (`optc explain axes`). `matmul(a, b)` multiplies, `transpose(a)` turns, `trace(a)` adds the diagonal, `eye(inputs)` and `eye(outputs)` are identities. `inverse_root(a, p)` is a symmetric, positive semidefinite matrix to the power -1/p, `eigenvectors(a)` has the eigenvectors of a symmetric one as its columns, that of the largest eigenvalue first, and `orthonormal(a)` is Q of its QR decomposition.',
      'Matrices are told apart by the axes of their rows and columns: `matmul(g, transpose(g))` is a matrix(inputs, inputs), and `g` itself, like all there is one of for each element, a matrix(inputs, outputs). In a product the columns of the first are over the axis of the rows of the second; element by element matrices meet those over the same axes. Numbers of the run and the parameter go into any matrix. What there is one of for each input or output goes into matrix(inputs, outputs) alone, since elsewhere it could be one for each row or for each column. `sum`, `mean`, `norm`, `max_abs` and `dot` make one number for the parameter of any matrix; over one axis they work on what there is one of for each element.',
      'Vectors and single numbers are no matrices. So all this stands inside an `if rank(w) >= 2`, or under another condition on shapes that no vector meets, and `else` has the rule for them. `input_count(w)` and `output_count(w)` are the lengths of the axes.',
      'A state is a matrix where what is assigned to it is one; it starts as a number everywhere, or as one such as `eye(inputs)`.',
      '`inverse_root` and `eigenvectors` work in 64 bits, to within a few units of 2^-52 of the largest eigenvalue, whatever a target computes in; a matrix with a number that is not finite gives NaN. In `inverse_root` eigenvalues of 0 count for nothing, and NaN comes of one clearly below; a ridge, such as `1e-6 * eye(inputs)`, is up to the program. Both take sides of up to 1024 unless `max_extent` says otherwise, and no matrix over one axis is longer than 16,384: a parameter with more is an error when the optimizer meets it, before anything is changed. A rule says what is done with such parameters by an `if` on `input_count(w)` and `output_count(w)`.',
    ],
    example:
      'if rank(w) >= 2 and max(input_count(w), output_count(w)) <= 1024 {\n  state l = 1e-6 * eye(inputs)\n  state r = 1e-6 * eye(outputs)\n  l = l + matmul(g, transpose(g))\n  r = r + matmul(transpose(g), g)\n  update = lr * matmul(matmul(inverse_root(l, 4), g), inverse_root(r, 4))\n} else {\n  update = lr * sign(g)\n}',
  },
  globals: {
    also: ['global', 'totals'],
    summary: 'numbers over all parameters, such as the norm of all gradients',
    paragraphs: [
      '`global_sum(x)`, `global_norm(x)`, `global_dot(a, b)` and `global_max_abs(x)` go over every element of every parameter that the optimizer has a gradient for at this step; the operators without `global_` go over one parameter. The result is one number for the run, known with the gradients, and may stand wherever a number may: `lr * g / global_norm(g)`.',
      'A state fed by such numbers alone is one number for the run, too, as `d` of `std/prodigy`. One that is added up from `g` itself, such as `norm(g)`, is one for each parameter.',
      'They are found before anything is changed, in one way through all parameters; numbers that rest on others, such as `global_norm(g - global_sum(g))`, take one more. Programs without them take none. What is drawn (`normal()`, `dropout`) is the same there and in the step.',
      'They stand under no condition on shapes, since only some parameters come by there: `let` above the `if` names one, and `global_sum(where(rank(w) >= 2, g^2, 0))` adds up some parameters alone. Conditions on the step are fine. An `evaluate`, which is worked out between steps, reads one through a state. Parameters of all groups count, each under its own hyperparameters.',
      '`std/wrappers` has `clip_by_global_norm(gradient, limit)`. `optc simulate` takes several parameters in a trace.',
    ],
    example:
      'let limited = g * min(1, 1 / (global_norm(g) + 1e-6))\nstate largest = 0\nlargest = max(largest, global_max_abs(g))\nupdate = lr * ema(limited, 0.9) / (largest + 1e-8)',
  },
  limits: {
    summary: 'what the language lacks, and what to do instead',
    paragraphs: [
      'The loss, accuracy, epochs and batches: a rule sees the gradient `g`, the parameter `w`, the step `t` and the number of steps `T`. A rate that follows the loss is set from outside: a hyperparameter may be a function.',
      'Second derivatives and Hessians: only the gradient of each step is there. Averages of `g^2` estimate the curvature.',
      'Indices: operators work element by element, on whole matrices (`optc explain matrices`), or reduce all elements of a parameter or one of its two axes (`optc explain axes`). Tensors of more than two axes are matrices of inputs and outputs.',
      'Names and layers of parameters: a rule knows the shape of each, by `rank(w)`, `size(w)`, `fan_in(w)` and `fan_out(w)`. An `if` on them chooses a rule for each parameter; hyperparameters go by names too (`optc explain groups`).',
      'Loops, recursion, lists, texts, functions as values, `true` and `false`: a rule is applied to every element and called on every step; what is kept from step to step is a `state`.',
      'Random numbers other than `normal()`, which draws a standard normal one for each element, and `dropout(x, rate)`: a uniform number is `(1 + erf(normal() / sqrt(2))) / 2`, and a rare event a condition on it. Wherever `normal()` is written it draws anew, also in each call of a function; a `let` is one draw, however often it is used. All draws follow from the seed, the step and the element, so that a run repeats.',
      'Printing and assertions: `optc simulate` shows what a rule does, and an interval says which values a hyperparameter takes.',
      'How large programs may be: a file has at most 262,144 characters, brackets stand in each other at most 100 deep, imports at most 32, and a program with its functions put in place holds at most 20,000 expressions.',
    ],
    example:
      'if rank(w) >= 2 {\n  update = lr * clip_by_norm(g, 1)\n} else {\n  update = lr * g\n}',
  },
}

/** A topic for each page about the language as a whole, also under its second names. */
export function guideTopics(): readonly Topic[] {
  return Object.entries(GUIDES).flatMap(
    ([name, { summary, paragraphs, example, also = [] }]): readonly Topic[] => {
      const topic = {
        name,
        group: 'The language',
        summary,
        page: (columns: number) =>
          [
            `${name}: ${summary}`,
            ...paragraphs.map((paragraph) => wrap(paragraph, columns)),
            `Example:\n\n${indent(example)}`,
          ].join('\n\n'),
      }
      return [topic, ...also.map((other) => ({ ...topic, name: other, group: HIDDEN }))]
    },
  )
}

/** The example programs, by name; the tests compile them. */
export function guideExamples(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(GUIDES).map(([name, { example }]) => [name, `${example}\n`]),
  )
}
