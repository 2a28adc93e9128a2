/** `npm run build`: writes `dist/`, of which a package is made. Nothing in a clone runs it. */
import { fileURLToPath } from 'node:url'
import { writeDist } from './dist.ts'

await writeDist(fileURLToPath(new URL('../dist', import.meta.url)))
