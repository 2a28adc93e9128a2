/** What vitest is told, whoever starts it here. */

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration so
export default { test: { globalSetup: ['properties/bundle-for-tests.ts'] } }
