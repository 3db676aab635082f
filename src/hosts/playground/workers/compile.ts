import { compileText, type CompiledText, type CompileQuestion } from '../answers/compiled.ts'
import { mutantsOf, type Mutants, type MutantsQuestion } from '../answers/mutants.ts'
import { answerQuestions } from '../calls/answer-questions.ts'

answerQuestions<CompileQuestion | MutantsQuestion, CompiledText | Mutants>(
  self,
  (question, signal) =>
    question.kind === 'compile' ? compileText(question) : mutantsOf(question, signal),
)
