/** What vitest is told where mutants are tried: `bench/mutants.ts` says which tests are held against them. */

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration so
export default { test: { include: process.env['UNWEDGE_TESTS']?.split(',') ?? [], testTimeout: 20_000 } }
