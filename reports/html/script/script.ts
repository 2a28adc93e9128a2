/** The page’s script: its parts, in the order in which they need each other. */
import { connectors } from './connectors.ts'
import { explanations } from './explanations.ts'
import { lanes } from './lanes.ts'
import { letters } from './letters.ts'
import { pages } from './pages.ts'
import { run } from './run.ts'
import { runModel } from './run-model.ts'
import { timeline } from './timeline.ts'
import { words } from './words.ts'

export const script = `(() => {\n'use strict'\n${[words, runModel, letters, timeline, lanes, run, explanations, connectors, pages].join('\n')}\n})()`
