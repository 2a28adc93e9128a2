/** When a command is to be over. */

/**
 * So many seconds after this process began, by `realNow()`: that it took time to start is nobody’s concern who has set a limit.
 * Without a limit, never.
 */
export const deadline = (seconds = Infinity): number => seconds * 1000
