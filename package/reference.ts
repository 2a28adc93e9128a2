/** `npm run reference`: writes a page for each entry into `api/`, out of the declarations and their comments. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { entries, sourceOf } from './bundle.ts'
import { declare } from './declarations.ts'
import { exportsIn, pageOf } from './reference-page.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const quiet = { logLevel: ExtractorLogLevel.None }

/** The declarations of an entry, with all that they reach, as one text. */
function rolledUp(folder: string, entry: string): string {
  const file = join(folder, `${entry}.d.ts`)
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: folder, mainEntryPointFilePath: join(folder, `api/${entry}.d.ts`),
      compiler: { overrideTsconfig: { compilerOptions: { module: 'nodenext', target: 'es2022', strict: true, types: [] } } },
      newlineKind: 'lf',
      apiReport: { enabled: false }, docModel: { enabled: false }, tsdocMetadata: { enabled: false },
      dtsRollup: { enabled: true, untrimmedFilePath: file },
      messages: { extractorMessageReporting: { default: quiet }, tsdocMessageReporting: { default: quiet } },
    },
  })
  if (!Extractor.invoke(config, { localBuild: true, messageCallback: (message) => { message.handled = true } }).succeeded)
    throw new Error(`The declarations of ${entry} could not be read.`)
  return readFileSync(file, 'utf8')
}

/** The page of each entry, by its path from the root. */
export function references(): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'unwedge-reference-'))
  try {
    declare(folder, entries.map(sourceOf))
    const texts = new Map(entries.map((entry) => [entry, rolledUp(folder, entry)]))
    const there = exportsIn(texts.get('unwedge')!)
    return new Map([...texts].map(([entry, text]) => [`api/${entry}.md`, pageOf(entry, text, there)]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const [path, page] of references()) writeFileSync(join(root, path), page)
