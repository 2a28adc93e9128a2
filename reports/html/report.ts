/** Evidence as one page that opens from disk: an index, and for each run that broke a law a page to step through. */
import type { Evidence } from '../../spec/evidence/suite-evidence.ts'
import { dataOf } from './page-data.ts'
import { page } from './page.ts'

/** The whole page. Whatever a run holds is shown as text and is never markup. */
export const htmlReport = (evidence: Evidence): string => page(dataOf(evidence))
