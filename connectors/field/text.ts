/** How content travels where only text can: text as it is, anything else as JSON. */

export const written = (content: unknown): string => (typeof content === 'string' ? content : JSON.stringify(content))
export const read = (text: string): unknown => (/^[[{]/.test(text) ? JSON.parse(text) : text)
