import type { Nothing } from '../answers/program.ts'
import { raceOf, type Race, type RaceQuestion } from '../answers/race.ts'
import { answerQuestions } from '../calls/answer-questions.ts'

answerQuestions<RaceQuestion, Race | Nothing, Race>(self, raceOf)
