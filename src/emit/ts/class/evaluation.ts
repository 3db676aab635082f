import type {
  ClassDescription,
  MethodDescription,
  PropertyDescription,
} from '../text/description.ts'
import { keyType, type Settings } from './settings.ts'
import { byShape } from './sides.ts'
import { describeEvaluated } from './step.ts'

/** What a class has more where its rule says which weights a model is evaluated with; nothing where it does not. */
export interface EvaluationParts {
  readonly properties: readonly PropertyDescription[]
  /** What the constructor does at its end. */
  readonly begin: ClassDescription['constructor_']['body']
  readonly methods: readonly MethodDescription[]
}

/** The methods that give, and put in place, the weights to evaluate with. */
export function describeEvaluation(settings: Settings): EvaluationParts {
  const { evaluation, around, options } = settings
  if (evaluation === undefined) return { properties: [], begin: [], methods: [] }
  const keeps = byShape(settings, ({ states }) => String(states.length > 0))
  const parts = [
    'this',
    'this.steps',
    describeEvaluated(settings, evaluation),
    // Without a state of its own there is nothing that its first step would begin.
    ...(keeps === 'true' ? [] : [keeps === 'false' ? '() => false' : `(w) => ${keeps}`]),
  ]
  const variables = { name: 'variables', type: 'readonly { name: string }[]', isOptional: true }
  return {
    properties: [
      {
        name: 'evaluation',
        type: `${around.need('Evaluation')}<${keyType(options)}>`,
        modifiers: ['private', 'readonly'],
      },
    ],
    begin: [`this.evaluation = ${around.need('createEvaluation')}(${parts.join(', ')})`],
    methods: [
      {
        name: 'evaluationWeights',
        documentation:
          'The weights to evaluate, save and ship a model with: a new tensor for each variable that was trained, or for each of\n' +
          "`variables`. The tensors are the caller's: dispose of them. Throws an Error inside `withEvaluationWeights`.",
        parameters: [variables],
        returns: 'NamedTensor[]',
        modifiers: [],
        body: [`return ${around.need('evaluationWeights')}(this.evaluation, variables)`],
      },
      {
        name: 'withEvaluationWeights',
        documentation:
          'What `f` gives, or resolves to, with `evaluationWeights` in the place of the weights. Whatever becomes of `f`, the\n' +
          'weights are put back. Steps inside `f` are errors, and so are calls of this inside it.',
        typeParameters: ['Result'],
        parameters: [{ name: 'f', type: '() => Result' }, variables],
        returns: 'Result',
        modifiers: [],
        body: [`return ${around.need('withEvaluationWeights')}(this.evaluation, f, variables)`],
      },
    ],
  }
}
