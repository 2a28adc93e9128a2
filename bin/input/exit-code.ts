/** What an error means to a user: a usage error, an error of the system, a limit that was met; or else our fault. */
import { Inconclusive } from '../../engine/inconclusive.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { isOutOfMemory, TooManyStates } from '../../engine/states/memory-budget.ts'

/** What to say of it in one line, and the exit code; null when we are to blame. */
export function failureOf(error: unknown): { readonly says: string; readonly exit: 2 | 3 } | null {
  if (error instanceof Inconclusive) return { says: `Nothing can be said: ${error.message}.`, exit: 3 }
  if (error instanceof UsageError) return { says: error.message, exit: 2 }
  if (error instanceof TooManyStates) return { says: error.message, exit: 3 }
  if (isOutOfMemory(error)) return { says: 'The states do not fit in memory: narrow the scope.', exit: 3 }
  if (!(error instanceof Error)) return null
  return ofTheSystem(error)
}

/** The same line, where a command goes on without what failed. Throws an error that is our fault. */
export function reasonOf(error: unknown): string {
  const failure = failureOf(error)
  if (!failure) throw error
  return failure.says
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'there is no right to do so', EPERM: 'there is no right to do so', EROFS: 'it is read-only', ENOSPC: 'no space is left',
  EISDIR: 'it is a directory', ENOTDIR: 'a part of its path is no directory', EEXIST: 'something else is there',
  ENOENT: 'there is no such file', ENAMETOOLONG: 'its name is too long', ELOOP: 'its symbolic links form a cycle',
}

/** Of a file that cannot be read or written. */
function ofTheSystem({ code, path, syscall }: NodeJS.ErrnoException) {
  if (code === undefined || path === undefined || syscall === undefined) return null
  const reads = syscall === 'read' || syscall === 'open' || syscall === 'stat'
  return { says: `${path} cannot be ${reads ? 'opened' : 'written'}: ${reasons[code] ?? code}.`, exit: 2 as const }
}
