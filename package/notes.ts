/** `tsx package/notes.ts v1.2.3`: prints what the changelog says of a version, for the page of a release. */
import { readFileSync } from 'node:fs'
import { notesOf } from './changelog.ts'

console.log(notesOf(readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8'), process.argv[2]?.replace(/^v/, '') ?? ''))
