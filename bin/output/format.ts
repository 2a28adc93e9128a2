/** The formats in which pages are written. Kept by itself, so that the command line can name them before it loads more. */
export const formats = ['text', 'json', 'markdown'] as const
export type Format = (typeof formats)[number]

export const extensions: Readonly<Record<Format, string>> = { text: 'txt', json: 'json', markdown: 'md' }
