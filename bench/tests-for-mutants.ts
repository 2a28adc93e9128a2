/** What vitest is told where mutants are tried: the tests that are quick and sharp about the rooms that judge, draw and play the world. */

const names = [
  'judge*', 'clauses-*', 'ledger', 'completeness', 'independence', 'world*', 'link-calls', 'scheduler', 'lifecycle', 'trial', 'faults',
  'content', 'virtual-time', 'generator', 'situations', 'coverage', 'shrink', 'falsify', 'interleavings',
]

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration so
export default { test: { include: names.map((name) => `properties/${name}.test.ts`), testTimeout: 20_000 } }
