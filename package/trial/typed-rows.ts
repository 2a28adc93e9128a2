/** What is tried of the types: as users set their compiler, and with no word of ours in it. */
import type { Projects, Row } from './rows.ts'
import type { UserProject } from './user-project.ts'

/** How a project is compiled. `strict`, and libraries are looked at too. */
const ways = {
  'NodeNext, not emitting': { module: 'NodeNext', noEmit: true },
  'NodeNext, emitting': { module: 'NodeNext', outDir: 'out', declaration: true },
  'Bundler, not emitting': { module: 'ESNext', moduleResolution: 'Bundler', noEmit: true },
  'Bundler, emitting': { module: 'ESNext', moduleResolution: 'Bundler', outDir: 'out', declaration: true },
  'NodeNext, neither Node’s types nor a browser’s': { module: 'NodeNext', noEmit: true, lib: ['ES2023'] },
} as const

/** Uses of every entry that are wrong if a type is lost on the way. */
const uses = `
  import { connectorLaws, type Connector, type Message } from 'unwedge'
  import { assertConforms, type Conformed } from 'unwedge/assert'
  import { conformance } from 'unwedge/vitest'
  import { build, type Component, component, explore, type ModelViolation, scopeOf, streams, walk } from 'unwedge/model'

  export const mine: Connector = {
    name: 'mine', guarantee: 'at-least-once',
    start: ({ send, links }) => ({
      take: (message: Message) => (message.signal.aborted ? Promise.reject(links[0]) : send(message.content)),
    }),
  }
  export const found = async (): Promise<Conformed> => assertConforms(mine, { runs: 3 })
  export const names: readonly string[] = connectorLaws.map(({ name }) => name)
  export type Broken = ModelViolation
  export const all = [component, explore, walk, conformance]
  export const machineOf = (each: Component) => build(each, 'fixed', scopeOf(each))
  export const explored = (each: Component) => explore(machineOf(each), streams(each, scopeOf(each)).map(machineOf(each).start))
  export const walked = (each: Component) => walk(machineOf(each), { stream: [], faults: [], schedule: [] })
  // @ts-expect-error: a guarantee is one of three.
  export const wrong: Connector = { ...mine, guarantee: 'mostly' }
  // @ts-expect-error: runs are a number.
  export const never = () => assertConforms(mine, { runs: 'many' })
`

/** Rows for each way, each kind of package and each compiler. */
export const typedRows = ({ typed }: Projects, compilers: readonly string[]): readonly Row[] =>
  compilers.flatMap((compiler) => Object.entries(ways).flatMap(([way, options]) => (['module', 'commonjs'] as const).map((type): Row => ({
    name: `TypeScript ${compiler}: ${way}, in a package of type ${type}`,
    tries: () => compiled(typed, compiler, `${compiler}-${Object.keys(ways).indexOf(way)}-${type}`, type, options),
  }))))

function compiled(project: UserProject, compiler: string, folder: string, type: string, options: object): void {
  project.write(`${folder}/package.json`, JSON.stringify({ type }))
  project.write(`${folder}/tsconfig.json`, JSON.stringify({
    compilerOptions: { strict: true, target: 'ES2022', skipLibCheck: false, types: [], rootDir: '.', ...options }, include: ['*.ts'],
  }))
  project.write(`${folder}/uses.ts`, uses)
  project.unwedge(['new', `${folder}/my-connector.ts`])
  project.unwedge(['new', '--model', `${folder}/my-model.ts`])
  project.write(`${folder}/test.ts`, [
    "import { conformance } from 'unwedge/vitest'", "import { myConnector } from './my-connector.js'", 'conformance(myConnector)',
  ].join('\n'))
  project.run('node', [`node_modules/${compiler}/bin/tsc`, '-p', folder])
  if (!('outDir' in options)) return
  // What the bundler’s way emits for CommonJS is for a bundler, and not for Node.
  if (type === 'commonjs' && 'moduleResolution' in options) return
  project.unwedge(['check', `${folder}/out/my-connector.js`, '--runs', '5'], { says: '1 lawful, 0 broken, 0 inconclusive.' })
  project.unwedge(['check', `${folder}/out/my-model.js`])
}
