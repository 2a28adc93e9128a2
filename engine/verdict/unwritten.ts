/** What a connector that died in the midst of a write was told, or has said, since it began to write: it may not have written it down. */
import type { Account, Unwritten } from '../../spec/account.ts'

/** It died, and something was being written all along since an event of this number. */
export function diedWriting(accounts: Iterable<Account>, since: number): void {
  for (const { attempts, flags } of accounts)
    for (const each of [...attempts.map(({ told }) => told), ...flags])
      if (each && each.at >= since) (each as { -readonly [K in keyof Unwritten]: Unwritten[K] }).isUnwritten = true
}
