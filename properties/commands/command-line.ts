/** The command line, as tests start it. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** As a clone has it: from the sources. */
export const fromSources = fileURLToPath(new URL('../../bin/unwedge.js', import.meta.url))

const bundle = process.env['UNWEDGE_BUNDLE']

/** As the package has it; from the sources where these tests were started without a bundle. */
export const commandLine = bundle ? join(bundle, 'command.js') : fromSources
