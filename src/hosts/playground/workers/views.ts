import { curvesOf, type Curves, type CurvesQuestion } from '../answers/curves.ts'
import { planOf, type Plan, type PlanQuestion } from '../answers/plan.ts'
import type { Nothing } from '../answers/program.ts'
import { answerQuestions } from '../calls/answer-questions.ts'

answerQuestions<CurvesQuestion | PlanQuestion, Curves | Plan | Nothing>(self, (question) =>
  question.kind === 'curves' ? curvesOf(question) : planOf(question),
)
