/**
 * Where the command line of the bundle starts. Connectors may be TypeScript: where they run in this process it reads that too, and
 * whatever loads them has to be loaded after that.
 */
if (process.argv.includes('--in-process'))
  for (const { register } of await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')])) register()
await import('./unwedge.ts')
