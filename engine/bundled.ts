/** Whether this is the bundle, as a package has it, and not the sources, as a clone has them. */
export const isBundled = /\.c?js$/.test(import.meta.url)
